"""The offline verifier: exported facts and seals prove a copy complete, unchanged, in order.

It needs nothing of the running system: two files and the public key of the seals.
"""

from common.verify.check import Finding, Verdict, verify

__all__ = ["Finding", "Verdict", "verify"]
