"""The two cache tiers, and the one cache that the rest of the service sees."""

from service.cache.connect import connect
from service.cache.process_tier import ProcessTier
from service.cache.redis_tier import RedisTier
from service.cache.status import Outcome, Step, Trail, cache_status
from service.cache.tier import Corrupt, Health, Tier, Unavailable
from service.cache.tiered import Fetched, TieredCache

__all__ = [
    "Corrupt",
    "Fetched",
    "Health",
    "Outcome",
    "ProcessTier",
    "RedisTier",
    "Step",
    "Tier",
    "TieredCache",
    "Trail",
    "Unavailable",
    "cache_status",
    "connect",
]
