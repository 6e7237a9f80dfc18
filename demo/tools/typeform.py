"""A local server that speaks Typeform's Responses API as its documentation tells it, refusals included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from demo.tools.local import Faulty, Item, LocalTool, Refusal, Request
from demo.tools.typeform_paging import Refused, responses_page, whole


class FakeTypeform(LocalTool):
    """Serve forms and their responses on a free local port, in threads of its own, until `close`."""

    def __init__(
        self,
        definitions: Sequence[Item],
        responses: Mapping[str, Sequence[Item]],
        token: str = "tfp_local",  # noqa: S107 (opens nothing but this server)
        *,
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take forms, their items and the token to ask for; the rest as every local tool."""
        super().__init__(now=now, requests_per_second=requests_per_second, fault=fault)
        self.definitions = {form["id"]: form for form in definitions}
        self.responses = {form: list(responses.get(form, [])) for form in self.definitions}
        self.token = token

    def too_many(self, wait: float) -> Refusal:
        """Refuse as Typeform does."""
        refused = Refused(429, "TOO_MANY_REQUESTS", "Two requests a second are allowed.")
        return Refusal(429, refused.body, {"Retry-After": str(int(wait) + 1)})

    def answer(self, request: Request) -> Item:
        """Answer one request, or raise Refusal."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != self.token:
            raise Refused(401, "AUTHENTICATION_ERROR", "The token is not valid.")
        return self.told(request.path, request.query)

    def told(self, path: str, query: Mapping[str, str]) -> Item:
        """Answer one request that came with the right token, or raise Refusal."""
        match path.strip("/").split("/"):
            case ["me"]:
                return {"user_id": "local", "alias": "demo", "language": "en"}
            case ["forms"]:
                return self._forms(query)
            case ["forms", form]:
                return self._with_links(self._form(form))
            case ["forms", form, "responses"]:
                self._form(form)
                return responses_page(self._visible(form), query)
        raise Refused(404, "NOT_FOUND", "There is nothing at this address.")

    def _form(self, form: str) -> Item:
        if form not in self.definitions:
            raise Refused(404, "NOT_EXISTING_ID", f"There is no form '{form}'.")
        return self.definitions[form]

    def _with_links(self, form: Item) -> Item:
        links = {
            "display": f"{self.url}/to/{form['id']}",
            "responses": f"{self.url}/forms/{form['id']}/responses",
        }
        return {**form, "_links": links}

    def _forms(self, query: Mapping[str, str]) -> Item:
        page, size = whole(query, "page", 1, 1, 10**6), whole(query, "page_size", 10, 1, 200)
        forms = list(self.definitions.values())
        shown = forms[(page - 1) * size : page * size]
        items = [
            {key: form.get(key) for key in ("id", "type", "title", "created_at", "last_updated_at")}
            for form in shown
        ]
        return {"total_items": len(forms), "page_count": -(-len(forms) // size), "items": items}

    def _visible(self, form: str) -> list[Item]:
        if self.now is None:
            return self.responses[form]
        limit = f"{self.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return [
            item for item in self.responses[form] if (item.get("staged_at") or item["submitted_at"]) <= limit
        ]
