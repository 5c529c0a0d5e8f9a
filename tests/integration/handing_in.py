"""An officer who hands in by the form of a category: what a demo article says, typed, chosen and uploaded."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embedded.demo_articles import DemoArticle
from embedded.demo_files import DemoFile

from .browsing import Staff

TYPES = {"pdf": "application/pdf", "png": "image/png",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip


@dataclass
class Officer(Staff):
    """Somebody who hands in, corrects, and follows what became of it."""

    async def chooses(self, site: str, category: str) -> None:
        """From the list of sites to the form of the category."""
        await self.open("/console/submit")
        await self.press(self.link(f"/submit/{site}"))
        other = self.page.locator("details:not([open]) summary").last
        form = self.link(f"/submit/{site}/{category}")
        if not await form.is_visible():
            await other.click()
        await self.press(form)

    async def writes(self, article: DemoArticle) -> None:
        """Everything the article says into the fields of the form; its files are uploaded."""
        for name, value in answers_of(article.content).items():
            await self.fill(name, value)
        for file in article.files:
            await self.uploads(file, article)

    async def uploads(self, file: DemoFile, article: DemoArticle) -> None:
        """The file into the field that names it, a picture with what it shows."""
        field = "file" if file.name == article.content["fields"].get("file") else ""
        sent = {"name": file.name, "mimeType": TYPES[file.kind], "buffer": file.made()}
        await self.page.locator(f"input[type=file][name='u.{field}']").set_input_files(sent)  # type: ignore[arg-type]
        await self.press(self.button("upload"))
        place = await self.page.locator("input[type=hidden][name$='.digest']").count() - 1
        if file.shows:
            await self.fill(f"a.{place}.alt", file.shows)

    async def checks(self) -> None:
        """The form becomes the page on which all is read once more."""
        await self.press(self.button("check"))
        assert await self.heading() == self.say("Xem lại trước khi gửi"), await self.text()

    async def sends(self) -> str:
        """Hands in; answers under which id. The page says the receipt number."""
        await self.press(self.button("send"))
        found = re.search(r"/submissions/([0-9a-f-]{36})\?done=", self.page.url)
        assert found is not None, await self.text()
        return found[1]

    async def hands_in(self, article: DemoArticle) -> str:
        await self.chooses(article.site, article.content["category"])
        await self.writes(article)
        await self.checks()
        return await self.sends()

    async def hears(self, id: str, state: str) -> str:
        """What the submission's page says as soon as it is in this state."""
        said = html.escape(self.say(state))
        path = f"/console/submissions/{id}"
        await self.comes(path, lambda status, text: status == 200 and said in text)
        await self.open(path)
        return await self.text()

    async def corrects(self, id: str, title: str, note: str) -> None:
        """What was returned goes back with another title and a word on what was done."""
        await self.hears(id, "Trả lại để sửa")
        await self.press(self.link("/correction"))
        await self.fill("f.title", title)
        await self.fill("note", note)
        await self.press(self.button("check"))
        await self.sends()

    def button(self, act: str):
        return self.page.locator(f"main button[name=act][value={act}]:not([hidden])").first


def answers_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Fields of the form, by their names, for what a submission says."""
    own = {f"f.{name}": content[name] for name in ("title", "summary", "body", "author") if content.get(name)}  # fmt: skip
    given = {
        f"f.{name}": "\n".join(value) if isinstance(value, list) else str(value)
        for name, value in content["fields"].items()
        if name != "file"
    }
    source, event = content["source"], content.get("event") or {}
    about = {"f.source": source["name"], "source_type": source["type"]}
    spoken = {"language": content["language"]}
    clock = {"event_type": event["type"], "event_date": event["date"]} if event else {}
    return spoken | own | given | about | clock
