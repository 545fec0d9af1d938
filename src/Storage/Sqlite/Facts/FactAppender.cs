using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.Facts;

/// <summary>Adds facts that are not yet known and marks the time that a new winner changes. Used by the writer alone.</summary>
internal sealed class FactAppender(Session session, CenterState center, long recorded)
{
    private readonly List<Window> _runsSomewhere = [];
    private RowCounts _counts;

    public RowCounts Append(FactBatch facts)
    {
        foreach (var fact in facts.Inventory)
        {
            if (Add(FactText.Of(fact), out var loser))
            {
                MarkInventory(fact, isFirst: loser is null && IsFirst(fact));
            }

            if (loser is not null)
            {
                MarkInventory(FactText.ToInventory(loser), isFirst: false);
            }
        }

        foreach (var job in facts.Jobs)
        {
            if (Add(FactText.Of(job), out var loser, FactTime.Of(job)))
            {
                MarkRun(job);
            }

            if (loser is not null)
            {
                MarkRun(FactText.ToJob(loser, new()));
            }
        }

        foreach (var allocation in facts.Allocations)
        {
            if (Add(FactText.Of(allocation), out var loser))
            {
                Mark(allocation);
            }

            if (loser is not null)
            {
                Mark(FactText.ToAllocation(loser, new()));
            }
        }

        // Such a job may hold any device of its pool; one mark for all of them, since there are as many as jobs.
        foreach (var window in WindowSet.Union(_runsSomewhere))
        {
            DirtyTable.Mark(session, center.Id, DirtyTable.Everyone, window, recorded);
        }

        foreach (var coverage in facts.Coverage)
        {
            // An open job holds its devices until the newest coverage ends: a gap before a new end belongs to it too.
            var knownUntil = KnownUntil(coverage.Feed);
            if (Add(FactText.Of(coverage), out _))
            {
                DirtyTable.Mark(session, center.Id, DirtyTable.Everyone, coverage.Valid, recorded);
                if (knownUntil is { } end && end < coverage.Valid.From)
                {
                    DirtyTable.Mark(session, center.Id, DirtyTable.Everyone, new(end, coverage.Valid.From), recorded);
                }
            }
        }

        foreach (var request in facts.Requests)
        {
            Add(FactText.Of(request), out _);
        }

        foreach (var count in facts.Counts)
        {
            Add(FactText.Of(count), out _, FactTime.Of(count));
        }

        foreach (var reading in facts.Meters)
        {
            Add(FactText.Of(reading), out _, FactTime.Of(reading));
        }

        return _counts;
    }

    // True when the fact is the new winner of its key; loser is then the one before it. Of kinds that are found by their time it is given.
    private bool Add(FactText fact, out string? loser, Window? time = null)
    {
        loser = null;
        (FactText Fact, long Id)? before = null;
        using (var reader = session.Read("SELECT revision, rank, content, id FROM fact WHERE center = @1 AND kind = @2 AND key = @3", center.Id, (int)fact.Kind, fact.Key))
        {
            while (reader.Read())
            {
                var known = fact with { Revision = reader.GetInt32(0), Rank = reader.GetInt32(1), Content = reader.GetString(2) };
                if (known == fact)
                {
                    _counts.Duplicates++;
                    return false;
                }

                before = before is not { } best || known.Beats(best.Fact) ? (known, reader.GetInt64(3)) : before;
            }
        }

        var winner = before?.Fact;
        var id = session.Insert(
            "INSERT INTO fact (center, kind, key, revision, rank, content, recorded_micros) VALUES (@1, @2, @3, @4, @5, @6, @7)",
            center.Id,
            (int)fact.Kind,
            fact.Key,
            fact.Revision,
            fact.Rank,
            fact.Content,
            recorded);
        if (winner is null || (winner.Revision == fact.Revision && winner.Rank != fact.Rank))
        {
            _counts.New++;
        }
        else
        {
            _counts.Conflicts++;
        }

        if (winner is not null && !fact.Beats(winner))
        {
            return false;
        }

        if (time is { } reached)
        {
            if (before is { } over)
            {
                FactTimes.Remove(session, center.Id, over.Fact, over.Id);
            }

            FactTimes.Add(session, center.Id, fact.Kind, reached, id);
        }

        loser = winner?.Content;
        return true;
    }

    private void Mark(AllocationFact allocation) =>
        DirtyTable.Mark(session, center.Id, center.Device(session, allocation.Device.Value).Id, allocation.Valid, recorded);

    private void MarkRun(JobFact job)
    {
        if (job.Run is { } run)
        {
            if (job.DeviceIds.IsDefaultOrEmpty)
            {
                _runsSomewhere.Add(run);
            }

            foreach (var device in job.DeviceIds.IsDefault ? [] : job.DeviceIds)
            {
                DirtyTable.Mark(session, center.Id, center.Device(session, device.Value).Id, run, recorded);
            }
        }
    }

    // Placements hold until the next one; a slot taken ends the time of whoever was there.
    private void MarkInventory(InventoryFact fact, bool isFirst)
    {
        var device = center.Device(session, fact.Device.Value);
        var isPlacement = fact.Event is InventoryEvent.Installed or InventoryEvent.Moved or InventoryEvent.Retired;
        var window = isPlacement ? fact.Valid with { Until = Instants.Never } : fact.Valid;
        if (isFirst && device.First <= device.Last)
        {
            window = new(Math.Min(window.From, device.First - DirtyTable.Context), Instants.Never);
        }

        DirtyTable.Mark(session, center.Id, device.Id, window, recorded);
        if (fact.Slot is not null && fact.Event is InventoryEvent.Installed or InventoryEvent.Moved)
        {
            DirtyTable.Mark(session, center.Id, DirtyTable.Everyone, window, recorded);
        }
    }

    // The inventory replaces what was assumed of the device from its telemetry.
    private bool IsFirst(InventoryFact fact)
    {
        var (from, until) = FactText.KeysOf(fact.Device.Value);
        return (long)session.Scalar("SELECT COUNT(*) FROM fact WHERE center = @1 AND kind = 0 AND key >= @2 AND key < @3", center.Id, from, until)! == 1;
    }

    private long? KnownUntil(string feed)
    {
        var (from, until) = FactText.KeysOf(feed);
        return (long?)session.Scalar("SELECT MAX(COALESCE(content ->> '$.until', 9223372036854775807)) FROM fact WHERE center = @1 AND kind = 2 AND key >= @2 AND key < @3", center.Id, from, until);
    }
}
