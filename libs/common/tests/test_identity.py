"""Only tokens that the issuer signed for us, now, name somebody; an issuer that is away is 503."""

import asyncio
import base64
import hmac
import json
import warnings
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from common.errors import Unauthenticated, Unavailable
from common.identity import MOST_CACHED, principal_of
from common.issuer import BETWEEN_LOOKS, FRESH_FOR, USABLE_FOR
from common.testing.issuer import URL, MemoryIssuer

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


class Clock:
    """Wall clock and monotonic clock that move together, by hand."""

    def __init__(self):
        self.seconds = 0.0

    def wall(self):
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def issuer(clock):
    return MemoryIssuer(clock=clock.wall, now=clock.monotonic)


@pytest.fixture
def verifier(issuer):
    return issuer.verifier()


async def refusal_of(verifier, token):
    with pytest.raises(Unauthenticated) as refusal:
        await verifier.verify(token)
    return refusal.value


async def test_a_good_token_names_its_holder(issuer, verifier):
    token = issuer.token("f3b1", name="Nguyễn An", scope="write read", nhipcau_site="hanam")

    principal = await verifier.verify(token)

    assert (principal.subject, principal.name, principal.kind) == ("f3b1", "Nguyễn An", "person")
    assert principal.scopes == {"write", "read"}
    assert principal.site == "hanam"


@pytest.mark.parametrize(
    ("claims", "kind"),
    [
        ({"sub": "f3b1", "client_id": "portal"}, "person"),
        ({"sub": "portal", "client_id": "portal"}, "system"),
        ({"sub": "f3b1", "preferred_username": "service-account-portal"}, "system"),
        ({"sub": "f3b1", "nhipcau_kind": "system"}, "system"),
    ],
)
def test_systems_are_told_from_people(claims, kind):
    assert principal_of(claims).kind == kind


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-service"},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"sub": None},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": "x" * 256},
        {"sub": 5},
        {"typ": "ID"},
        {"typ": "Refresh"},
        {"nbf": NOON.timestamp() + 31},
        {"iat": NOON.timestamp() + 31},
    ],
)
async def test_a_token_that_is_not_for_us_now_is_refused(issuer, verifier, claims):
    assert (await refusal_of(verifier, issuer.token(**claims))).code == "token-invalid"


async def test_one_of_several_audiences_is_enough(issuer, verifier):
    token = issuer.token(aud=["account", "nhipcau"])

    assert (await verifier.verify(token)).subject == "an"


async def test_an_expired_token_is_told_from_a_wrong_one(issuer, verifier, clock):
    token = issuer.token(lasts=60)

    clock.seconds = 89
    assert (await verifier.verify(token)).subject == "an"
    clock.seconds = 90
    assert (await refusal_of(verifier, token)).code == "token-expired"


async def test_the_cache_ends_when_the_token_does(issuer, verifier, clock):
    token = issuer.token(lasts=60)
    await verifier.verify(token)

    assert verifier.known(token) is not None
    clock.seconds = 90
    assert verifier.known(token) is None


def unsigned(claims, **header):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{part(claims)}."


async def test_no_unsigned_token_passes(issuer, verifier):
    claims = {"iss": URL, "aud": "nhipcau", "sub": "an", "exp": NOON.timestamp() + 60}

    for algorithm in ("none", "None", "NONE", ""):
        await refusal_of(verifier, unsigned(claims, alg=algorithm, kid="key-1"))


async def test_no_token_signed_with_the_public_key_as_a_secret_passes(issuer, verifier):
    await verifier.verify(issuer.token())
    public = issuer.keys["key-1"].as_pem(private=False)
    claims = {"iss": URL, "aud": "nhipcau", "sub": "an", "exp": int(NOON.timestamp()) + 60}
    head = unsigned(claims, alg="HS256", kid="key-1").rstrip(".")
    signature = hmac.digest(public, head.encode(), "sha256")
    token = f"{head}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    assert (await refusal_of(verifier, token)).code == "token-invalid"


async def test_no_token_of_another_key_with_our_key_id_passes(verifier):
    forger = ECKey.generate_key("P-256")
    claims = {"iss": URL, "aud": "nhipcau", "sub": "an", "exp": int(NOON.timestamp()) + 60}
    token = jwt.encode({"alg": "ES256", "kid": "key-1"}, claims, forger)

    assert (await refusal_of(verifier, token)).code == "token-invalid"


@pytest.mark.parametrize(
    "header", [{"kid": None}, {"kid": 5}, {"typ": "logout+jwt"}, {"kid": "x" * 300}]
)
async def test_a_strange_header_is_refused(issuer, verifier, header):
    key = issuer.keys["key-1"]
    signed = jwt.encode({"alg": "ES256"}, {"iss": URL}, key).split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "ES256"} | header).encode()).decode()

    await refusal_of(verifier, ".".join([head.rstrip("="), *signed[1:]]))


async def test_a_token_with_one_changed_byte_is_refused(issuer, verifier):
    head, claims, signature = issuer.token().split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"sub": "binh"}
    forged = base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")

    await refusal_of(verifier, f"{head}.{forged}.{signature}")


async def test_keys_are_read_once_for_many_tokens_at_once(issuer, verifier):
    await asyncio.gather(*(verifier.verify(issuer.token(f"person-{n}")) for n in range(20)))

    assert len(issuer.asked) == 2


async def test_a_rotated_key_is_found_without_a_restart(issuer, verifier, clock):
    await verifier.verify(issuer.token())

    issuer.rotate()
    clock.seconds = BETWEEN_LOOKS
    assert (await verifier.verify(issuer.token("binh"))).subject == "binh"


async def test_made_up_key_ids_do_not_flood_the_issuer(issuer, verifier):
    await verifier.verify(issuer.token())

    for number in range(50):
        await refusal_of(verifier, issuer.sign({}, kid=f"made-up-{number}"))

    assert len(issuer.asked) == 2


async def test_a_withdrawn_key_stops_to_count_and_takes_its_cached_tokens_along(
    issuer, verifier, clock
):
    token = issuer.token(lasts=10_000)
    await verifier.verify(token)

    issuer.rotate()
    del issuer.keys["key-1"]
    clock.seconds = FRESH_FOR
    await verifier.verify(issuer.token("binh"))

    assert (await refusal_of(verifier, token)).code == "token-invalid"


async def test_an_issuer_that_is_away_at_the_first_sign_in_is_our_trouble_not_the_callers(
    issuer, verifier
):
    issuer.away = True

    with pytest.raises(Unavailable) as refusal:
        await verifier.verify(issuer.token())

    assert refusal.value.code == "issuer-unreachable"


async def test_known_keys_serve_for_an_hour_while_the_issuer_is_away(issuer, verifier, clock):
    await verifier.verify(issuer.token())
    issuer.away = True

    clock.seconds = USABLE_FOR - 1
    assert (await verifier.verify(issuer.token("binh"))).subject == "binh"
    clock.seconds = USABLE_FOR + BETWEEN_LOOKS
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token("chi"))


async def test_the_service_recovers_by_itself_when_the_issuer_is_back(issuer, verifier, clock):
    issuer.away = True
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())

    issuer.away = False
    clock.seconds = 1
    assert (await verifier.verify(issuer.token())).subject == "an"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"issuer": "https://evil.example", "jwks_uri": "https://evil"}),
        httpx.Response(200, json={"issuer": URL, "jwks_uri": "no address"}),
        httpx.Response(200, json={"issuer": URL, "jwks_uri": f"{URL}/keys", "keys": "none"}),
    ],
)
async def test_a_broken_issuer_is_unavailable(issuer, verifier, answer):
    issuer.issuer.http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))

    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())


async def test_keys_that_are_no_signature_keys_are_passed_over(issuer, verifier):
    secret = {"kty": "oct", "kid": "key-0", "k": "c2VjcmV0"}
    good = issuer.keys["key-1"].as_dict(private=False)
    document = {"issuer": URL, "jwks_uri": f"{URL}/keys"}
    document["keys"] = [secret, {"kty": "RSA", "kid": "broken"}, "text", {}, good]
    issuer.issuer.http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=document))
    )

    assert (await verifier.verify(issuer.token())).subject == "an"
    assert await issuer.issuer.check() == "It knows 1 keys."


async def test_the_cache_has_a_bound(issuer):
    verifier = issuer.verifier(most=3)
    tokens = [issuer.token(f"person-{number}") for number in range(5)]
    for token in tokens:
        await verifier.verify(token)

    assert [verifier.known(token) is not None for token in tokens] == [False] * 2 + [True] * 3
    assert MOST_CACHED > 0


@given(st.text() | st.lists(st.text(), min_size=3, max_size=3).map(".".join))
async def test_no_text_passes_for_a_token_or_breaks_the_reader(text):
    verifier = MemoryIssuer().verifier()

    with pytest.raises(Unauthenticated):
        await verifier.verify(text)


# -- attacks on the header and on what surrounds the claims ------------------------------------


OURS = {"iss": URL, "aud": "nhipcau", "sub": "an", "exp": NOON.timestamp() + 60}


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk", "x5c"])
async def test_a_key_that_the_token_brings_along_is_never_used(issuer, verifier, header):
    await verifier.verify(issuer.token())
    forger = ECKey.generate_key("P-256", {"kid": "evil"})
    value = {
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/cert",
        "jwk": forger.as_dict(private=False),
        "x5c": ["MIIB"],
    }[header]
    asked = len(issuer.asked)
    part = base64.urlsafe_b64encode(
        json.dumps({"alg": "ES256", "kid": "key-1", header: value}).encode()
    ).decode()
    _, claims, signature = jwt.encode({"alg": "ES256"}, OURS, forger).split(".")

    refused = await refusal_of(verifier, f"{part.rstrip('=')}.{claims}.{signature}")

    assert refused.code == "token-invalid"
    assert len(issuer.asked) == asked


@pytest.mark.parametrize(
    "key_id",
    ["../../../etc/passwd", "key-1' OR '1'='1", "key-1\x00", "KEY-1", " key-1", "/dev/null"],
)
async def test_a_key_id_is_a_name_and_nothing_else(issuer, verifier, key_id):
    await verifier.verify(issuer.token())

    assert (await refusal_of(verifier, issuer.sign(OURS, kid=key_id))).code == "token-invalid"


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("form", ["pem", "der", "jwk"])
async def test_no_form_of_the_public_key_serves_as_a_secret(issuer, verifier, algorithm, form):
    public = issuer.keys["key-1"]
    secret = {
        "pem": lambda: public.as_pem(private=False),
        "der": lambda: public.as_der(private=False),
        "jwk": lambda: json.dumps(public.as_dict(private=False)).encode(),
    }[form]()
    head = unsigned(OURS, alg=algorithm, kid="key-1").rstrip(".")
    signature = hmac.digest(secret, head.encode(), f"sha{algorithm[2:]}")
    token = f"{head}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    assert (await refusal_of(verifier, token)).code == "token-invalid"


async def test_a_token_of_another_key_type_than_it_says_is_refused(issuer, verifier):
    _, claims, signature = issuer.token().split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"key-1","typ":"JWT"}').decode()

    await refusal_of(verifier, f"{head.rstrip('=')}.{claims}.{signature}")


async def test_the_pair_of_issuer_and_subject_names_somebody(issuer, verifier):
    principal = await verifier.verify(issuer.token("f3b1", azp="nhipcau-console"))

    assert (principal.issuer, principal.subject) == (URL, "f3b1")
    assert principal.client == "nhipcau-console"


@pytest.mark.parametrize(
    ("claims", "accepted"),
    [
        ({"azp": "console"}, True),
        ({"client_id": "console"}, True),
        ({"azp": "console", "client_id": "console"}, True),
        ({"azp": "another"}, False),
        ({"azp": "console", "client_id": "another"}, False),
        ({"azp": ["console"]}, False),
        ({}, False),
    ],
)
async def test_only_the_programs_that_are_named_may_bring_tokens(issuer, claims, accepted):
    verifier = issuer.verifier(clients=frozenset({"console"}))

    if accepted:
        assert (await verifier.verify(issuer.token(**claims))).subject == "an"
    else:
        assert (await refusal_of(verifier, issuer.token(**claims))).code == "token-invalid"


async def test_keys_offered_over_an_open_line_are_not_read(issuer, verifier):
    document = {"issuer": URL, "jwks_uri": "http://id.example/keys"}
    document["keys"] = [issuer.keys["key-1"].as_dict(private=False)]
    issuer.issuer.http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=document))
    )

    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())


async def test_a_short_rsa_key_is_passed_over(issuer, verifier):
    with warnings.catch_warnings(action="ignore"):
        short = RSAKey.generate_key(1024, {"kid": "short", "use": "sig"})
        token = jwt.encode({"alg": "RS256", "kid": "short"}, OURS, short)
    document = {"issuer": URL, "jwks_uri": f"{URL}/keys"}
    document["keys"] = [short.as_dict(private=False)]
    issuer.issuer.http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=document))
    )

    assert (await refusal_of(verifier, token)).code == "token-invalid"


async def test_an_edited_payload_is_not_believed_even_after_the_good_token_was(issuer, verifier):
    token = issuer.token("an", scope="read")
    await verifier.verify(token)
    head, claims, signature = token.split(".")
    edited = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"scope": "directory:write"}
    body = base64.urlsafe_b64encode(json.dumps(edited).encode()).decode().rstrip("=")

    await refusal_of(verifier, f"{head}.{body}.{signature}")
    assert (await verifier.verify(token)).scopes == {"read"}
