"""Why an attempt did not deliver: one exception for each reason. It decides what the host does next."""

from typing import Self


class Failure(Exception):
    """The attempt did not deliver. Raise one of the subclasses."""

    def __init__(self, detail: str, *, resume: str = "") -> None:
        """Makes a failure.

        Args:
            detail: One sentence for the operator, with the provider's own words.
            resume: Handed to the next attempt of this delivery: how far this one came. At most 4 KiB of UTF-8.
        """
        super().__init__(detail)
        self.detail = detail
        self.resume = resume

    def resuming(self, resume: str) -> Self:
        """The same failure, with something for the next attempt to go on from."""
        self.resume = resume
        return self


class RateLimited(Failure):
    """The provider asked to wait: the host waits as long as it said."""

    def __init__(self, milliseconds: int, detail: str, *, resume: str = "") -> None:
        """Makes a failure that is tried again after `milliseconds`; 0 if the provider did not say how long."""
        super().__init__(detail, resume=resume)
        self.milliseconds = milliseconds


class Transient(Failure):
    """It may work later without any change: provider errors, no connection."""


class ContentRefused(Failure):
    """The provider refuses this content: the host tries again with a simpler presentation."""


class Rejected(Failure):
    """It will never work for this message: the target is gone or has blocked us."""


class Misconfigured(Failure):
    """It will never work until somebody changes settings, secrets or grants."""


class UnsetSecret(Misconfigured):
    """The secret is declared, but this channel has no value for it. Catch it if the secret is optional."""


class UndeclaredSecret(Misconfigured):
    """The plugin's description does not declare this secret."""
