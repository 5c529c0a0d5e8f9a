"""What editorial says to people when it cannot do something: in Vietnamese and English, with what to do."""

from functools import partial
from types import MappingProxyType

from common.errors import Said, Sentences, filled

NEXT: Sentences = MappingProxyType(
    {
        "in_process": (
            "Tin, bài đang được xử lý. Thực hiện bước đang mở.",
            "It is in process. Take the step that is open.",
        ),
        "returned": (
            "Tin, bài đã trả lại người gửi. Chờ người gửi sửa và gửi lại.",
            "It waits for its sender, who corrects it and hands it in again.",
        ),
        "refused": (
            "Tin, bài đã bị từ chối đăng. Người gửi có thể gửi bài khác.",
            "It was refused. Its sender may hand in another one.",
        ),
        "dropped": (
            "Người gửi đã rút tin, bài này. Nếu vẫn cần đăng, đề nghị người gửi gửi bài mới.",
            "Its sender took it back. If it is still wanted, ask them to hand in a new one.",
        ),
        "scheduled": (
            "Tin, bài đã được hẹn giờ đăng. Huỷ lịch đăng trước.",
            "It is scheduled. Cancel the schedule first.",
        ),
        "failed": (
            "Đăng chưa thành và sẽ được thử lại. Huỷ việc thử lại trước, hoặc thử đăng ngay.",
            "Publishing failed and is tried again. Cancel that first, or try it now.",
        ),
        "published": (
            "Tin, bài đã đăng. Có thể đính chính hoặc gỡ bỏ.",
            "It is published. Correct it or withdraw it.",
        ),
        "correcting": (
            "Đang có bản đính chính được xử lý. Hoàn thành bản đó trước.",
            "A correction is on its way. Finish it first.",
        ),
        "withdrawn": (
            "Tin, bài đã bị gỡ bỏ. Nếu cần đăng lại, gửi thành bài mới.",
            "It was withdrawn. To publish it again, hand it in as a new one.",
        ),
        "unknown": (
            "Không có tin, bài này. Xem lại danh sách.",
            "There is no such article. Look at the list.",
        ),
    }
)
"""What may be done in each phase, for those who wanted something else."""

SENTENCES: Sentences = MappingProxyType(
    {
        # what is not there
        "file-gone": (
            "Không có tệp mang mã {files}, hoặc không còn. Tải tệp lên lại rồi thử lại.",
            "There is no file {files}, or no longer. Upload it again, then try again.",
        ),
        "article-unknown": (
            "Không có tin, bài nào mang mã này. Xem lại danh sách.",
            "There is no article with this id. Look at the list.",
        ),
        "step-unknown": (
            "Quy trình {process} không có bước này. Các bước: {known}.",
            "The process {process} has no such step. Its steps are {known}.",
        ),
        "revision-unknown": (
            "Tin, bài có các bản từ 1 đến {last}. Chọn một trong các bản đó.",
            "The article has revisions 1 to {last}. Choose one of them.",
        ),
        "file-unknown": (
            "Không bản nào của tin, bài này có tệp mang mã đó. Xem danh sách tệp của từng bản.",
            "No revision of this article has a file with this digest. Look at the files of each.",
        ),
        "no-process": (
            "Quy chế {profile} không có quy trình cho tin, bài. Báo quản trị trang.",
            "The regulation {profile} has no process for articles. Tell the site's administrator.",
        ),
        "ground-unknown": (
            "Quy chế {profile} không nêu căn cứ này. Chọn một trong: {known}.",
            "The regulation {profile} names no such ground. Choose one of {known}.",
        ),
        # who may
        "not-your-site": (
            "Chỉ người trong ban biên tập của trang và người gửi được đọc tin, bài đang xử lý. Liên hệ quản trị trang để được giao vai trò.",
            "Only people of the site's board and the sender read an article on its way. Ask the site's administrator for a position.",
        ),
        "person-unknown-yet": (
            "Danh bạ vừa ghi nhận bạn, thông tin chưa đến nơi này. Thử lại sau giây lát.",
            "The directory has just named you. Try again.",
        ),
        # what stands there is not what was seen
        "another-revision": (
            "Nội dung nay là bản số {revision}. Xem bản đó rồi quyết định lại.",
            "The text is revision {revision} now. Look at it and decide again.",
        ),
        "version-changed": (
            "Có người vừa thay đổi tin, bài này. Tải lại, xem thay đổi rồi làm lại.",
            "Somebody changed it meanwhile. Load it again, look at the change, and repeat.",
        ),
        "text-unchanged": (
            "Nội dung đã đúng như vậy. Sửa ít nhất một phần rồi lưu.",
            "The text says that already. Change a part of it, then save.",
        ),
        "classified-already": (
            "Tin, bài đã được phân loại như vậy. Không cần làm gì thêm.",
            "It is classified so already. Nothing is left to do.",
        ),
        # steps
        "assigned-only-open": (
            "Chỉ giao được bước đang mở. Chọn một bước đang mở.",
            "Only a step that is open can be given to somebody. Choose one that is.",
        ),
        "step-not-open": (
            "Bước này chưa mở. Các bước đang mở: {opened}.",
            "This step is not open now. Open: {opened}.",
        ),
        "no-step-open": (
            "Bước này chưa mở; hiện không có bước nào đang mở.",
            "This step is not open now; none is.",
        ),
        "step-publishes": (
            "Bước này là bước đăng. Dùng chức năng đăng tin, bài.",
            "This step publishes: ask for the publication.",
        ),
        "no-such-outcome": (
            "Ở bước {desk} quy trình không có kết quả này. Chọn một trong: {known}.",
            "The process has no such outcome at the step {desk}. Choose one of {known}.",
        ),
        "no-outcome-here": (
            "Ở bước {desk} quy trình không có kết quả này. Hãy trả lại người gửi.",
            "The process has no such outcome at the step {desk}. Return it to its sender instead.",
        ),
        "rating-missing": (
            "Chấm điểm tin, bài từ 1 đến 5.",
            "Rate the article from 1 to 5.",
        ),
        "opinion-missing": (
            "Ghi ý kiến của thủ trưởng cơ quan.",
            "Say the opinion of the head of agency.",
        ),
        "alternative-text-missing": (
            "Nói ngắn gọn ảnh cho thấy gì, cho người không nhìn được (Thông tư 26/2020/TT-BTTTT; WCAG 2.2, 1.1.1).",
            "Say in a few words what the picture shows, for those who do not see it (Circular 26/2020/TT-BTTTT; WCAG 2.2, 1.1.1).",
        ),
        "field-not-json": (
            'Giá trị của trường phải là một văn bản JSON, ví dụ "2026-11-24" trong dấu ngoặc kép, với số hữu hạn và không lồng quá sâu.',
            'The value of a field is a JSON text, such as "2026-11-24" in quotes, with finite numbers and not nested too deep.',
        ),
        "picture-not-its-kind": (
            "Loại của tệp không khớp với kiểu nội dung. Ghi đúng như kho tệp đã nhận ra.",
            "The kind of the file does not fit its media type. Give both as they were recognised when it was sent.",
        ),
        "file-name-not-plain": (
            "Tên tệp viết không kèm thư mục, không có khoảng trắng ở đầu hay cuối, nhiều nhất 200 chữ, chữ có dấu ở dạng dựng sẵn (NFC).",
            "Write the name of a file without folders, without blanks around it, in 200 letters at most, its marks composed (NFC).",
        ),
        "file-not-its-kind": (
            "Theo nội dung của tệp, giá trị ở đây là {value}. Ghi đúng như vậy.",
            "By the content of the file the value here is {value}. Give it so.",
        ),
        # publishing
        "schedule-in-the-past": (
            "Thời điểm này đã qua. Chọn thời điểm sau, hoặc đăng ngay.",
            "The moment has passed. Name a later one, or publish now.",
        ),
        "nothing-scheduled": (
            "Không có lịch đăng hay lần thử lại nào đang chờ. Xem lại trạng thái của tin, bài.",
            "Nothing is scheduled or waiting to be tried again. Look at where it stands.",
        ),
        "file-missing": (
            "Thiếu tệp trong kho: {files}. Nộp lại tệp, hoặc chờ thử lại.",
            "Files are missing in the store: {files}. Hand them in again, or wait for the next try.",
        ),
    }
)

say = partial(filled, SENTENCES)
"""The sentence of that name, filled in with values of ours."""


def say_next(phase: str) -> Said:
    """What may be done in this phase."""
    return Said(*NEXT[phase])
