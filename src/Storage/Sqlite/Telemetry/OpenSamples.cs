using System.Runtime.InteropServices;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>What staged batches say of one device in one UTC day.</summary>
/// <param name="First">Earliest instant. Unit: microseconds since the Unix epoch.</param>
/// <param name="FirstRecorded">When the first of its batches was recorded.</param>
internal readonly record struct OpenDay(long First, long Last, long FirstRecorded, long LastRecorded)
{
    public OpenDay With(OpenDay other) => new(
        Math.Min(First, other.First),
        Math.Max(Last, other.Last),
        Math.Min(FirstRecorded, other.FirstRecorded),
        Math.Max(LastRecorded, other.LastRecorded));
}

/// <summary>The staged samples of one center, decoded once and extended as batches come: what is not yet sealed.</summary>
/// <remarks>Not safe for two threads; <see cref="OpenSamplesCache"/> hands it out one at a time.</remarks>
/// <param name="recorded">Only batches recorded inside of it are taken in.</param>
internal sealed class OpenSamples(long center, long generation, long marked, Window recorded)
{
    private readonly StagedCodec _codec = new();
    private readonly HashSet<long> _damaged = [];
    private readonly Dictionary<long, SampleColumns> _byDevice = [];
    private readonly Dictionary<(long Device, int Day), OpenDay> _days = [];
    private readonly Dictionary<(long Device, int Day), OpenDay> _dirty = [];

    /// <summary>Rises each time staged batches are sealed.</summary>
    public long Generation => generation;

    /// <summary>Batches up to this one have their dirty time in the table.</summary>
    public long Marked => marked;

    /// <summary>The newest batch in here.</summary>
    public long LastStaged { get; private set; }

    public IReadOnlyDictionary<long, SampleColumns> ByDevice => _byDevice;

    public IReadOnlyDictionary<(long Device, int Day), OpenDay> Days => _days;

    /// <summary>As <see cref="Days"/>, of batches whose dirty time is not yet in the table.</summary>
    public IReadOnlyDictionary<(long Device, int Day), OpenDay> Dirty => _dirty;

    /// <summary>Batches that cannot be read: left out, and left where they are. Verify names them.</summary>
    public IReadOnlyCollection<long> Damaged => _damaged;

    public void Extend(Session session)
    {
        using var reader = session.Read("SELECT id, recorded_micros, data FROM staged WHERE center = @1 AND id > @2 AND recorded_micros >= @3 AND recorded_micros < @4 ORDER BY id", center, LastStaged, recorded.From, recorded.Until);
        while (reader.Read())
        {
            var (id, at) = (reader.GetInt64(0), reader.GetInt64(1));
            try
            {
                _codec.Decode(reader.GetFieldValue<byte[]>(2), (device, rows, start, end) => Take(device, rows, start, end, at, isDirty: id > marked));
            }
            catch (DamagedException)
            {
                _damaged.Add(id);
            }

            LastStaged = id;
        }
    }

    private void Take(long device, SampleColumns rows, int start, int end, long at, bool isDirty)
    {
        if (start == end)
        {
            return;
        }

        if (!_byDevice.TryGetValue(device, out var known))
        {
            _byDevice[device] = known = new SampleColumns(Math.Max(64, end - start));
        }

        if (known.Count == 0 || known.Last < rows.Instants[start])
        {
            known.AddRange(rows, start, end);
        }
        else
        {
            var late = new SampleColumns(end - start);
            late.AddRange(rows, start, end);
            _byDevice[device] = SampleColumns.Merge(known, late);
        }

        var instants = rows.Instants[start..end];
        while (!instants.IsEmpty)
        {
            var day = UtcDays.Of(instants[0]);
            var next = UtcDays.Start(day + 1);
            var count = instants[^1] < next ? instants.Length : instants.BinarySearch(next) is var found && found >= 0 ? found : ~found;
            var span = new OpenDay(instants[0], instants[count - 1], at, at);
            Add(_days, (device, day), span);
            if (isDirty)
            {
                Add(_dirty, (device, day), span);
            }

            instants = instants[count..];
        }
    }

    private static void Add(Dictionary<(long Device, int Day), OpenDay> days, (long Device, int Day) key, OpenDay span)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(days, key, out var isKnown);
        known = isKnown ? known.With(span) : span;
    }
}

/// <summary>The open samples of every center this process has asked for.</summary>
internal sealed class OpenSamplesCache
{
    private readonly Dictionary<long, OpenSamples> _centers = [];
    private readonly Lock _lock = new();

    /// <summary>Calls <paramref name="use"/> with the open samples as the session sees them, or as a later batch left them.</summary>
    public T Use<T>(Session session, long center, Func<OpenSamples, T> use)
    {
        var (generation, marked) = StateOf(session, center);
        lock (_lock)
        {
            var open = _centers.GetValueOrDefault(center);
            if (open is not null && (open.Generation, open.Marked).CompareTo((generation, marked)) > 0)
            {
                // The session reads an older state than others already do: its samples are for itself alone.
                return use(Load(session, center, Window.Always));
            }

            if (open is null || (open.Generation, open.Marked) != (generation, marked))
            {
                _centers[center] = open = new(center, generation, marked, Window.Always);
            }

            open.Extend(session);
            return use(open);
        }
    }

    /// <summary>Samples of staged batches recorded inside a window, for the caller alone.</summary>
    public static OpenSamples Load(Session session, long center, Window recorded)
    {
        var (generation, marked) = StateOf(session, center);
        var samples = new OpenSamples(center, generation, marked, recorded);
        samples.Extend(session);
        return samples;
    }

    public void Forget()
    {
        lock (_lock)
        {
            _centers.Clear();
        }
    }

    private static (long Generation, long Marked) StateOf(Session session, long center)
    {
        using var reader = session.Read("SELECT generation, marked_staged FROM center WHERE id = @1", center);
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }
}
