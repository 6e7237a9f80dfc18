"""The way out to a team's channel: Slack, Teams and others, by whatever address Apprise understands."""

from __future__ import annotations

from collections.abc import Mapping

from flows.mail.doors import Door, Outcome

PREFIX = "notify:"


class Channels:
    """Hand letters addressed `notify:<team_id>` to that team's channel, and all others to another door.

    The addresses hold secrets, so they are looked up at sending and stand in no letter and no message.
    """

    def __init__(self, urls: Mapping[str, str], others: Door) -> None:
        """Take the channels' addresses by team, and the door for everybody else."""
        self._urls, self._others = urls, others

    def send(self, message_id: str, recipient: str, body: bytes) -> Outcome:
        """Post words to a channel; one that does not answer is tried again by the next run."""
        if not recipient.startswith(PREFIX):
            return self._others.send(message_id, recipient, body)
        team_id = recipient.removeprefix(PREFIX)
        url = self._urls.get(team_id)
        if not url:
            return Outcome("refused", f"the team '{team_id}' has no notify_url any more")
        import apprise

        channel = apprise.Apprise()
        if not channel.add(url):
            return Outcome("refused", f"the notify_url of the team '{team_id}' is no address Apprise knows")
        title, _, words = body.decode("utf-8").partition("\n")
        if channel.notify(title=title, body=words.strip(), body_format=apprise.NotifyFormat.TEXT):
            return Outcome("sent")
        return Outcome("later", f"the channel of the team '{team_id}' did not take the message")

    def close(self) -> None:
        """Let go of the other door's connection."""
        self._others.close()
