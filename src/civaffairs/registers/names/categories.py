"""What a place name (地名) may name: the eight categories of the regulation on place names."""

from __future__ import annotations

from civaffairs.labels import Labelled


class PlaceNameCategory(Labelled):
    """A category of place names: 地名管理条例 (2022) art. 3, in the order of its eight items.

    The last three are place names only if they matter for finding one's way (具有重要地理方位意义). A village or
    residents' committee lends its name to where it is; a division of the country is registered by the code of its own.

    Examples
    --------
    >>> [category.item for category in (PlaceNameCategory.NATURAL_FEATURE, PlaceNameCategory.STREET)]
    [1, 5]
    """

    NATURAL_FEATURE = ("natural_feature", "自然地理实体")
    DIVISION = ("division", "行政区划")
    COMMITTEE_SEAT = ("committee_seat", "村民委员会、居民委员会所在地")
    PARK = ("park", "城市公园、自然保护地")
    STREET = ("street", "街路巷")
    ESTATE_OR_BUILDING = ("estate_or_building", "住宅区、楼宇")
    FACILITY = ("facility", "交通运输、水利、电力、通信、气象等设施")
    OTHER = ("other", "其他地理实体")

    @property
    def item(self) -> int:
        """The number of its item in art. 3."""
        return self.number + 1
