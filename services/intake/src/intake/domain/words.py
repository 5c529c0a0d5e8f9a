"""What intake says to people when it cannot take something: in Vietnamese and English, with what to do."""

from functools import partial
from types import MappingProxyType

from common.errors import Sentences, filled

SENTENCES: Sentences = MappingProxyType(
    {
        # what is handed in
        "submission-unknown": (
            "Không có bài gửi nào mang mã này. Xem lại danh sách bài đã gửi.",
            "There is no submission with this id. Look at the list of what was handed in.",
        ),
        "submission-exists": (
            "Đã có bài gửi mang mã này. Gửi lại thành bài mới.",
            "A submission has this id already. Hand it in as a new one.",
        ),
        "submitted-already": (
            "Nội dung này đã được gửi đến trang này rồi. Xem bài đã gửi, hoặc sửa nội dung của bạn.",
            "The same content was handed in here already; look at that one, or change yours.",
        ),
        "revision-unknown": (
            "Không có bản nào mang số này. Xem các bản của bài gửi.",
            "There is no revision with this number. Look at the revisions of the submission.",
        ),
        "receipt-unknown": (
            "Không có bài gửi nào mang số tiếp nhận này. Kiểm tra lại số trên giấy tiếp nhận.",
            "No submission has this receipt number. Compare it with the receipt.",
        ),
        "contact-not-given": (
            "Người gửi không để lại liên hệ riêng. Trao đổi qua trang của bài gửi.",
            "Its sender gave no private contact. Answer on the page of the submission.",
        ),
        "files-not-known": (
            "Chưa đọc hết các bản ghi nói về tệp. Việc dọn tệp được làm lại sau.",
            "Not every fact about files has been read yet. The sweep is tried again later.",
        ),
        "content-invalid": (
            "Một số mục chưa đúng dạng. Sửa từng mục được nêu rồi gửi lại.",
            "Some fields have not their form. Mend each that is named and send it again.",
        ),
        "not-its-form": (
            "Giá trị ở đây chưa đúng dạng ({rule}). Sửa rồi gửi lại.",
            "This value has not its form ({rule}): {message}",
        ),
        "findings-stand": (
            "Quy chế còn thấy lỗi trong bài; `findings` nêu từng lỗi với quy tắc, điều khoản và lời văn.",
            "The regulation finds errors in it; `findings` names each with rule, article and words.",
        ),
        "category-unknown": (
            "Không có thể loại này. Các thể loại: {known}.",
            "No such category. There are: {known}.",
        ),
        "language-not-served": (
            "Trang chỉ dùng các ngôn ngữ: {languages}. Gửi bằng một trong các ngôn ngữ đó.",
            "The site is kept in {languages}; hand it in in one of these.",
        ),
        "systems-only": (
            "Chỉ hệ thống chuyển tiếp bài của người khác mới được ghi thời điểm nhận. Hãy bỏ mục này.",
            "Only a system that passes on what others received may say when; leave it out.",
        ),
        "not-in-the-future": (
            "Không thể nhận bài vào một lúc chưa tới. Ghi thời điểm đã nhận.",
            "It cannot have been received later. Give the moment it was received.",
        ),
        "encoding-wrong": (
            "Chữ chưa ở bảng mã Unicode (TCVN 6909). Gửi lại bằng UTF-8, hoặc xem bản đề xuất và gửi bản đó. {found}",
            "The text is not in Unicode (TCVN 6909). Send it again in UTF-8, or look at the proposal and send that. {found}",
        ),
        "base64": (
            "Đây không phải là base64. Mã hoá lại các byte của bài rồi gửi.",
            "This is not base64. Encode the bytes of the text again.",
        ),
        "web-address": (
            "Hãy cho một địa chỉ web, bắt đầu bằng https:// hoặc http://.",
            "Give an address of the web, which begins with https:// or http://.",
        ),
        "one-body": (
            "Chỉ gửi một trong hai: body hoặc body_base64.",
            "Send one of body and body_base64, not both.",
        ),
        # fields of a category
        "max-items": ("Nhiều nhất {most} mục. Hãy bỏ bớt.", "At most {most} fields. Leave some out."),
        "max-size": (
            "Nhiều nhất {most} byte; gửi phần còn lại thành tệp.",
            "At most {most} bytes; send more as a file.",
        ),
        "shape": (
            "Hãy cho một văn bản, một số, một danh sách văn bản, hoặc các dòng.",
            "Give a text, a number, a list of texts, or rows.",
        ),
        "rows": (
            "Hãy cho một danh sách nhiều nhất {most} dòng, mỗi dòng một đối tượng.",
            "Give a list of at most {most} objects, one a row.",
        ),
        "string": ("Hãy cho một văn bản.", "Give a text."),
        "date": (
            "Hãy cho một ngày có thật, dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-24.",
            "Give a day as YYYY-MM-DD, such as 2026-11-24.",
        ),
        "number": ("Hãy cho một số.", "Give a number."),
        "list": (
            "Hãy cho một danh sách nhiều nhất {most} văn bản.",
            "Give a list of at most {most} texts.",
        ),
        "file": ("Hãy cho tên của một tệp đính kèm.", "Give the name of an attached file."),
        "max-length": (
            "Nhiều nhất {most} ký tự. Hãy rút gọn.",
            "At most {most} characters. Shorten it.",
        ),
        "option": ("Chọn một trong: {options}.", "One of: {options}."),
        # who and where
        "site-unknown": (
            "Không có trang này. Danh mục trang ở GET /api/directory/sites.",
            "There is no such site. The directory lists them: GET /api/directory/sites.",
        ),
        "site-closed": (
            "Trang này đã đóng; gửi đến trang tiếp nhận nhiệm vụ.",
            "This site was closed; hand it in to the site that took over.",
        ),
        "not-of-the-site": (
            "Chỉ người có chức vụ ở trang này xem được những gì trang nhận. Hỏi Trưởng Ban Biên tập của trang.",
            "Only people with a position at this site see what it received. Ask the head of its board.",
        ),
        "not-yours": (
            "Chỉ người gửi và người có chức vụ ở trang nhận xem được. Hỏi người đã gửi.",
            "Only its sender and people with a position at its site see it. Ask its sender.",
        ),
        "not-the-sender": (
            "Chỉ người đã gửi mới được sửa; Ban Biên tập có thể trả lại để sửa.",
            "Only who handed it in may change it; the board may return it.",
        ),
        "not-returned": (
            "Chỉ gửi lại bài mà Ban Biên tập đã trả. Chờ Ban quyết định, hoặc rút bài này và gửi bài mới.",
            "Only what the board has returned is handed in again. Wait for the board's decision, or withdraw this one and hand in a new one.",
        ),
        "closed-already": (
            "Ban Biên tập đã quyết định. Muốn gỡ nội dung đã đăng, hãy đề nghị Ban.",
            "The board has decided. To take something down that is published, ask the board.",
        ),
        "withdrawn-already": (
            "Người gửi đã rút bài này. Gửi lại thành bài mới.",
            "Its sender took it back. Hand it in as a new one.",
        ),
        # files
        "file-unknown": (
            "Tệp này chưa được tải lên ở đây. Gửi đến POST /files trước, rồi nêu mã của nó.",
            "This file was not uploaded here. Send it to POST /files first, then name its digest.",
        ),
        "file-not-there": (
            "Bài gửi này không có tệp nào mang mã đó. Xem danh sách tệp của bài.",
            "This submission has no file with this digest. Look at the list of its files.",
        ),
        "alternative-text-missing": (
            "Nói ngắn gọn ảnh cho thấy gì, cho người không nhìn được (Thông tư 26/2020/TT-BTTTT; WCAG 2.2, 1.1.1).",
            "Say in a few words what the picture shows, for those who do not see it (Circular 26/2020/TT-BTTTT; WCAG 2.2, 1.1.1).",
        ),
    }
)  # fmt: skip

say = partial(filled, SENTENCES)
"""The sentence of that name, filled in with values of ours."""
