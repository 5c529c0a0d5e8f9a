"""What the machinery under every service says to people: in Vietnamese and English, with what to do."""

from functools import partial
from types import MappingProxyType

from common.errors import Sentences, filled

SENTENCES: Sentences = MappingProxyType(
    {
        # -- what is kept ------------------------------------------------------------------------
        "file-too-large": (
            "Mỗi tệp ở đây có nhiều nhất {limit} byte. Gửi tệp nhỏ hơn.",
            "A file here has at most {limit} bytes. Send a smaller one.",
        ),
        "file-empty": (
            "Tệp rỗng. Hãy gửi tệp có nội dung.",
            "The file is empty. Send one that is not.",
        ),
        "file-type-not-taken": (
            "Loại tệp này không nhận. Gửi một trong: {taken}.",
            "This kind of file is not taken. Send one of: {taken}.",
        ),
        "file-name-missing": (
            "Tệp cần có tên với đuôi, ví dụ .pdf.",
            "Give the file a name with an ending, such as .pdf.",
        ),
        "file-not-its-name": (
            "Nội dung tệp là {found}, nhưng đuôi tên khác. Gửi tệp đúng định dạng với tên …{endings}.",
            "By its content this is {found}, but its name ends otherwise. Send the file in its own format and name it …{endings}.",
        ),
        "file-kind-too-large": (
            "Tệp loại này ({kind}) nhiều nhất {megabytes} MB. Nén hoặc chia nhỏ tệp.",
            "A file of this kind ({kind}) has at most {megabytes} MB. Compress or split it.",
        ),
        "file-unknown": (
            "Không có tệp mang mã này, hoặc không còn. Tải tệp lên lại.",
            "There is no file with this digest, or no longer. Upload it again.",
        ),
        "file-damaged": (
            "Tệp lưu ở đây không khớp với mã của nó. Báo người vận hành.",
            "The stored file does not match its digest. Tell the operators.",
        ),
        "files-unavailable": (
            "Kho tệp lúc này không trả lời. Thử lại sau giây lát.",
            "The store of files does not answer now. Try again in a moment.",
        ),
        "number-unknown": (
            "Số này chưa từng được cấp. Kiểm tra lại số.",
            "This number was never taken. Look at it again.",
        ),
        "number-in-use": (
            "Đã có văn bản mang số này nên không huỷ được.",
            "A document bears this number, so it cannot be voided.",
        ),
        "personal-data-too-large": (
            "Ở đây giữ nhiều nhất {limit} byte. Gửi ngắn hơn.",
            "At most {limit} bytes are kept here. Send less.",
        ),
        "reason-missing": (
            "Cần nêu ai xem và vì sao: người có dữ liệu đọc được điều đó.",
            "Say who looks and why: the person can read it.",
        ),
        "personal-data-unknown": (
            "Ở đây không giữ gì, hoặc đã xoá.",
            "Nothing is kept here, or it was erased.",
        ),
        "person-erased": (
            "Dữ liệu của người này đã xoá; không giữ thêm gì mới.",
            "This person was erased; nothing new is kept.",
        ),
        # -- the backbone ------------------------------------------------------------------------
        "engine-away": (
            "Cơ sở dữ liệu hoặc Kafka lúc này không trả lời. Thử lại sau giây lát.",
            "The database or Kafka does not answer. Try again in a moment.",
        ),
        "not-parked": (
            "Luồng này không bị để riêng, hoặc không còn. Xem lại trang vận hành.",
            "This stream is not parked, or not any more. Look at the operations again.",
        ),
        "consumer-unknown": (
            "Ở đây không có bộ đọc tên này. Có: {known}.",
            "There is no consumer of this name here. There are: {known}.",
        ),
        "reactions-are-not-rebuilt": (
            "“{name}” là bộ phản ứng: kết quả của nó là các quyết định đã có hiệu lực, không dựng lại được. Một luồng bị để riêng thì thử lại bằng `nhipcau replay`.",
            "“{name}” is a reaction: what it did are decisions, and they stand. A parked stream is tried again with `nhipcau replay`.",
        ),
        "topic-not-heard": (
            "“{name}” không đọc chủ đề này. Nó đọc: {known}.",
            "“{name}” does not hear this topic. It hears: {known}.",
        ),
        "log-moved-back": (
            "Nhật ký của {service} đã được khôi phục về thời điểm trước trong khi tiến trình này đang chạy, nên ở đây không quyết định gì nữa. Dừng mọi tiến trình của {service}, chạy `nhipcau relay restored -s {service}` rồi khởi động lại.",
            "The log of {service} was restored to an earlier point while this process ran, so nothing is decided here any more. Stop every process of {service}, run `nhipcau relay restored -s {service}`, and start again.",
        ),
        "log-begun-anew": (
            "Nhật ký của {service} đã bắt đầu đời thứ {life} trong khi tiến trình này đang ở đời thứ {began}; tiến trình dừng lại để được khởi động mới.",
            "Life {life} of the log of {service} began while this process worked in life {began}; it ends, to be started anew.",
        ),
        "service-works": (
            "Tiến trình {holder} của {service} vẫn đang chạy: nó còn giữ quyền phát sự kiện. Dừng mọi tiến trình của {service} rồi chạy lại lệnh này; chưa có gì thay đổi.",
            "The process {holder} of {service} is running: it goes on renewing its lease. Stop every process of {service} and run this command again; nothing was changed.",
        ),
        # -- what operators see ------------------------------------------------------------------
        "log-is-known": (
            "Nhật ký vẫn là nhật ký mà tiến trình này biết.",
            "The log is the one that this process knows.",
        ),
        "it-answers": ("Có trả lời.", "It answers."),
        "no-answer": (
            "Không trả lời trong {seconds} giây.",
            "No answer in {seconds} s.",
        ),
        "migrated": ("Đủ chỉ mục và chủ đề.", "Indexes and topics are there."),
        "not-migrated": (
            "Còn thiếu hoặc sai: {missing}. Chạy bước chuẩn bị `nhipcau migrate`; thiết lập sai của một chủ đề thì sửa ở Kafka.",
            "Missing or wrong: {missing}. Run the migration step, `nhipcau migrate`; wrong settings of a topic are mended in Kafka.",
        ),
        "bucket-not-migrated": (
            "Kho tệp chưa được chuẩn bị. Chạy `nhipcau migrate`.",
            "The bucket has no mark. Run the migration step: `nhipcau migrate`.",
        ),
        "files-in-mongodb": ("Tệp nằm trong MongoDB.", "Files lie in MongoDB."),
        "files-in-bucket": ("Tệp nằm trong kho S3.", "Files lie in a bucket."),
        "keys-known": ("Biết {keys} khoá.", "It knows {keys} keys."),
        "waits-for-engines": (
            "{name} đang chờ cơ sở dữ liệu và Kafka.",
            "{name} waits for its engines.",
        ),
        "applied": (
            "Đã áp dụng {records} bản ghi từ khi khởi động.",
            "{records} records applied since the start.",
        ),
        "nothing-parked": ("Không có bản ghi nào bị để riêng.", "Nothing is parked."),
        "some-parked": (
            "Có {records} bản ghi bị để riêng. Xem nguyên nhân rồi thử lại.",
            "{records} records are parked. See why, and try them again.",
        ),
        "no-gap": (
            "Không có sự kiện nào chờ lâu sau một chỗ thiếu.",
            "Nothing waits behind a gap.",
        ),
        "gap-open": (
            "Một sự kiện của {stream} đã chờ {seconds} giây sau một chỗ thiếu. Gửi lại luồng ở nơi sở hữu: `nhipcau relay resend -s {owner} {stream}`.",
            "A fact of {stream} has waited for {seconds} s behind a gap. Have its owner send the stream again: `nhipcau relay resend -s {owner} {stream}`.",
        ),
        "no-heartbeat": ("Chưa có nhịp nào.", "No heartbeat yet."),
        "heartbeats": ("Nhịp gần nhất: {ages}.", "The last heartbeats: {ages}."),
        "heartbeat-late": (
            "Đã lâu không có nhịp từ {logs}: sự kiện của nơi đó có thể không tới đây.",
            "No heartbeat lately from {logs}: its facts may not arrive here.",
        ),
        "bugs-in-a-row": (
            "Đã dừng: năm sự kiện liên tiếp làm bộ xử lý hỏng. Sửa lỗi rồi khởi động lại.",
            "Five facts in a row made a handler fail. Mend it and start again.",
        ),
        "no-effect-refused": (
            "Đã dừng: cơ sở dữ liệu từ chối phần không thuộc sự kiện nào: {why}.",
            "The database refuses what is no effect: {why}.",
        ),
        "log-restored": (
            "Đã dừng: nhật ký của chủ đề này được khôi phục về thời điểm trước; đang dựng lại.",
            "The log of this topic was restored to an earlier point; it is being rebuilt.",
        ),
        "failed-outside": (
            "Đã dừng vì lỗi ngoài bộ xử lý: {why}. Báo người phát triển.",
            "It failed outside of a handler: {why}. Tell its developers.",
        ),
        "fact-unknown": (
            "Hợp đồng dữ liệu ở đây không có {type}. Cập nhật dịch vụ này.",
            "{type} is not in the contracts here. Update this service.",
        ),
        "fact-not-json": (
            "Nội dung của {type} không phải JSON: {why}.",
            "The body of {type} is no JSON: {why}.",
        ),
        "fact-not-an-object": (
            "Nội dung của {type} phải là một đối tượng JSON.",
            "The body of {type} must be a JSON object.",
        ),
        "record-unreadable": (
            "Không đọc được bản ghi: {why}.",
            "The record cannot be read: {why}.",
        ),
        "key-is-not-stream": (
            "Khoá của bản ghi phải là nguồn của nó.",
            "The record's key must be its source.",
        ),
        "handler-failed": (
            "Bộ xử lý hỏng ba lần: {why}.",
            "A handler failed three times: {why}.",
        ),
        "effect-refused": (
            "Cơ sở dữ liệu từ chối kết quả của sự kiện này: {why}.",
            "The database refuses the effect of this fact: {why}.",
        ),
        "kafka-user-refused": (
            "Kafka từ chối người dùng {user} hoặc mật khẩu. Kiểm tra NHIPCAU_KAFKA_USERNAME và NHIPCAU_KAFKA_PASSWORD.",
            "Kafka refuses the user {user} or its password: check NHIPCAU_KAFKA_USERNAME and NHIPCAU_KAFKA_PASSWORD.",
        ),
        "kafka-mechanism-refused": (
            "Kafka không nhận {mechanism}. Kiểm tra NHIPCAU_KAFKA_MECHANISM.",
            "Kafka does not offer {mechanism}: check NHIPCAU_KAFKA_MECHANISM.",
        ),
        "kafka-certificate-refused": (
            "Chứng thư của Kafka không được tin ({why}). Kiểm tra NHIPCAU_KAFKA_CA_FILE.",
            "Kafka's certificate is not trusted ({why}): check NHIPCAU_KAFKA_CA_FILE.",
        ),
        "kafka-ca-unreadable": (
            "NHIPCAU_KAFKA_CA_FILE={file} không phải tệp PEM đọc được.",
            "NHIPCAU_KAFKA_CA_FILE={file} is no readable PEM file.",
        ),
        # -- sign-in -----------------------------------------------------------------------------
        "token-missing": (
            "Cần đăng nhập. Gửi mã truy cập trong tiêu đề Authorization, dạng Bearer.",
            "Sign in, and send the access token in the header Authorization, as a Bearer.",
        ),
        "token-expired": (
            "Phiên đăng nhập đã hết hạn. Đăng nhập lại.",
            "The sign-in has expired. Sign in again.",
        ),
        "token-invalid": (
            "Mã truy cập không dùng được: {why}. Đăng nhập lại.",
            "The token is {why}. Sign in again.",
        ),
        "no-issuer": (
            "Dịch vụ này chưa biết nơi đăng nhập nào nên không kiểm tra được. Báo người vận hành.",
            "This service knows no issuer to check a sign-in with. Tell its operators.",
        ),
        "issuer-unreachable": (
            "Lúc này chưa kiểm tra được phiên đăng nhập. Thử lại sau giây lát.",
            "Sign-ins cannot be checked right now. Try again.",
        ),
        "scope-missing": (
            "Việc này cần mã truy cập có phạm vi {scope}; quản trị viên cấp phạm vi đó.",
            "This asks for a token with the scope {scope}; an administrator gives it.",
        ),
        # -- requests ----------------------------------------------------------------------------
        "cursor-not-ours": (
            "Dùng nguyên địa chỉ ở `next` với cùng bộ lọc, hoặc bắt đầu lại và bỏ `cursor`.",
            "Use `next` unchanged and with the same filters, or begin again without a cursor.",
        ),
        "entity-tag-malformed": (
            'Ghi phiên bản đúng như ETag đã cho, ví dụ If-Match: "7".',
            'Name versions as ETag gave them, such as If-Match: "7".',
        ),
        "one-version": (
            "Mỗi lệnh được quyết định trên một phiên bản. Chỉ gửi một ETag.",
            "A command is decided on one version: send one entity tag.",
        ),
        "version-unknown": (
            "Chưa từng có phiên bản nào mang ETag này. Tải lại rồi làm lại.",
            "That entity tag was never given out here. Load it again.",
        ),
        "if-match-missing": (
            "Cần nêu phiên bản đã xem: gửi If-Match với ETag của lần xem gần nhất.",
            "Say which version you saw: If-Match with the ETag of your last look.",
        ),
        "position-malformed": (
            "Gửi {after} đúng như {header} đã cho, hoặc bỏ tiêu đề này.",
            "Send {after} exactly as {header} was given, or leave it out.",
        ),
        "key-missing": (
            "Cần tiêu đề Idempotency-Key: mỗi việc một mã mới (ví dụ UUID), gửi lại thì dùng đúng mã đó.",
            "Send an Idempotency-Key: a new one for each act (a UUID is fine), the same one on a retry.",
        ),
        "body-too-deep": (
            "Dữ liệu JSON lồng nhau nhiều nhất {most} cấp. Gửi dữ liệu theo đúng tài liệu API.",
            "JSON here nests at most {most} levels deep. Send what the API document describes.",
        ),
        "key-malformed": (
            "Idempotency-Key gồm 8 đến 128 ký tự trong số A-Z a-z 0-9 _ . : ~ + / = -, ví dụ một UUID mới cho mỗi việc.",
            "Send Idempotency-Key with 8 to 128 of A-Z a-z 0-9 _ . : ~ + / = -, such as a new UUID for each act.",
        ),
        "idempotency-key-reused": (
            "Idempotency-Key này đã dùng cho một yêu cầu khác. Dùng mã mới.",
            "This Idempotency-Key has served another request; use a new key.",
        ),
        "answer-of-another-kind": (
            "Idempotency-Key này đã dùng cho một việc khác loại. Dùng mã mới.",
            "This key decided something of another kind; use a new key.",
        ),
        # -- the log -----------------------------------------------------------------------------
        "log-unavailable": (
            "Nhật ký quyết định chưa trả lời. Thử lại sau giây lát.",
            "The commit log does not answer. Try again.",
        ),
        "database-unavailable": (
            "Cơ sở dữ liệu chưa trả lời. Thử lại sau giây lát.",
            "The database does not answer. Try again.",
        ),
        "too-many-waiting": (
            "Đang có quá nhiều lệnh chờ ghi. Thử lại sau giây lát.",
            "Too many commands wait for the log. Try again.",
        ),
        "changed-meanwhile": (
            "Người khác vừa thay đổi mục này. Tải lại, xem thay đổi rồi làm lại.",
            "Somebody else changed this first. Load it again, look at the change, and repeat.",
        ),
        "already-taken": (
            "Giá trị này đã thuộc về mục khác. Chọn giá trị khác.",
            "Another one holds this already. Choose another one.",
        ),
        "not-taken": (
            "Chưa có ai giữ giá trị này.",
            "Nobody holds this.",
        ),
        "commit-too-large": (
            "Quyết định dài {size} byte, vượt giới hạn {most} byte. Chia thành nhiều quyết định.",
            "The decision has {size} bytes of facts; {most} are allowed. Split it.",
        ),
    }
)

WHY: Sentences = MappingProxyType(
    {
        "another-key": ("ký bằng khoá mà nơi đăng nhập không có", "signed with a key that the issuer does not have"),
        "another-issuer": ("do nơi đăng nhập khác cấp", "from another issuer"),
        "another-audience": ("cấp cho dịch vụ khác", "meant for another service"),
        "not-for-access": ("không phải mã truy cập", "not an access token"),
        "program-may-not": ("cấp cho một chương trình không được làm việc ở đây", "given to a program that may not act here"),
        "no-expiry": ("không có thời hạn", "without an expiry"),
        "not-yet": ("chưa đến lúc có hiệu lực", "not valid yet"),
        "no-subject": ("không nêu người đăng nhập", "without a subject"),
        "subject-unreadable": ("không đọc được người đăng nhập", "with an unreadable subject"),
        "too-long": ("quá dài", "too long"),
        "no-token": ("không đúng dạng mã truy cập", "not in the form of an access token"),
        "another-algorithm": ("ký bằng cách không được nhận", "signed in a way that is not accepted"),
        "no-key-id": ("không nêu khoá đã ký", "without a key id"),
        "another-type": ("thuộc loại khác", "of another type"),
        "not-signed": ("không do nơi đăng nhập ký", "not signed by the issuer"),
    }
)  # fmt: skip
"""What can be wrong with a token."""

say = partial(filled, SENTENCES)
"""The sentence of that name, filled in with values of ours."""
