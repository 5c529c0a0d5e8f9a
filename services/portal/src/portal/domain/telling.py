"""What the portal says to readers when it cannot show something: in Vietnamese and English, with what to do."""

from functools import partial
from types import MappingProxyType

from common.errors import Sentences, filled

SENTENCES: Sentences = MappingProxyType(
    {
        "no-word": (
            "Nhập ít nhất một chữ cái hoặc chữ số để tìm.",
            "Give at least one letter or digit to search for.",
        ),
        "too-many-words": (
            "Tìm nhiều nhất {most} từ. Bỏ bớt từ.",
            "Search for at most {most} words. Leave some out.",
        ),
        "search-not-ready": (
            "Chức năng tìm kiếm đang được chuẩn bị. Thử lại sau giây lát.",
            "The search index is being filled. Try again.",
        ),
        "filter-too-long": (
            "Mỗi tiêu chí lọc có nhiều nhất {most} ký tự. Rút ngắn lại.",
            "A filter has at most {most} characters. Shorten it.",
        ),
        "day-out-of-range": (
            "Nhập ngày từ 01/01/1900 đến 01/01/9000.",
            "Give a day between 1900-01-01 and 9000-01-01.",
        ),
        "end-before-beginning": (
            "Nhập ngày cuối không trước ngày đầu.",
            "Give a last day that is not before the first.",
        ),
        "category-unknown": (
            "Không có chuyên mục mang tên này. Chọn một chuyên mục trong danh sách.",
            "There is no category with this name. Choose one of the list.",
        ),
        "agency-unknown": (
            "Không có cơ quan nào mang mã này. Xem danh sách cơ quan.",
            "No agency has this id. Look at the list of agencies.",
        ),
        "agency-not-then": (
            "Cơ quan này không tồn tại vào ngày {day}. Chọn ngày khác.",
            "It did not exist on {day}. Choose another day.",
        ),
        "site-unknown": (
            "Không có trang nào mang mã này. Xem danh sách các trang.",
            "There is no site with this id. Look at the list of sites.",
        ),
        "article-unknown": (
            "Chưa từng có nội dung nào được đăng với mã này. Thử tìm theo tiêu đề.",
            "Nothing was ever published under this id. Search for its title.",
        ),
        "article-withdrawn": (
            "Nội dung này đã được gỡ; phần giải thích nêu lý do.",
            "It was withdrawn; the explanation says why.",
        ),
        "file-unknown": (
            "Tin, bài này không có hoặc không còn tệp mang mã đó. Mở lại trang của tin, bài.",
            "This article has no file with this digest, or no longer. Open its page again.",
        ),
    }
)

say = partial(filled, SENTENCES)
"""The sentence of that name, filled in with values of ours."""
