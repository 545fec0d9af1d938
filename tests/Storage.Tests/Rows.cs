using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>One row as a test writes it; null: missing.</summary>
internal sealed record Row(string Device, long Instant, int? Use, int? Memory = null, int? Power = null, int? Temperature = null)
{
    public int[] Values => [.. new[] { Use, Memory, Power, Temperature }.Select(value => value ?? TelemetryMetrics.Missing)];
}

/// <summary>Rows sent together at one revision.</summary>
internal sealed record Sent(int Revision, Row[] Rows)
{
    public SampleBatch ToBatch()
    {
        var batch = new SampleBatch(4) { Revision = Revision };
        foreach (var row in Rows)
        {
            var added = batch.Add(batch.Ordinal(new(row.Device, "host-1", null, "Ascend 910A", null)), row.Instant);
            foreach (var metric in TelemetryMetrics.All)
            {
                batch.Set(added, metric, row.Values[metric.Column]);
            }
        }

        return batch;
    }
}

/// <summary>The law of winners in its plainest form: a dictionary.</summary>
internal sealed class Oracle
{
    private readonly Dictionary<(string Device, long Instant), (int Value, int Revision)[]> _rows = [];

    public void Append(Sent sent)
    {
        foreach (var row in sent.Rows)
        {
            if (!_rows.TryGetValue((row.Device, row.Instant), out var known))
            {
                _rows[(row.Device, row.Instant)] = known = [.. Enumerable.Repeat((TelemetryMetrics.Missing, 0), TelemetryMetrics.All.Length)];
            }

            foreach (var metric in TelemetryMetrics.All)
            {
                var (value, revision) = known[metric.Column];
                var offered = row.Values[metric.Column];
                if (offered != TelemetryMetrics.Missing && (value == TelemetryMetrics.Missing || sent.Revision > revision || (sent.Revision == revision && offered > value)))
                {
                    known[metric.Column] = (offered, sent.Revision);
                }
            }
        }
    }

    public IEnumerable<string> Devices => _rows.Keys.Select(key => key.Device).Distinct();

    public DeviceSamples Samples(string device, Window window)
    {
        var rows = _rows.Where(pair => pair.Key.Device == device && window.Contains(pair.Key.Instant)).OrderBy(pair => pair.Key.Instant).ToList();
        int[] Column(int metric) => [.. rows.Select(pair => pair.Value[metric].Value)];
        return new([.. rows.Select(pair => pair.Key.Instant)], Column(0), Column(1), Column(2), Column(3));
    }
}

/// <summary>Random batches whose rows meet each other often: three devices, thirty instants around a midnight, few values.</summary>
internal static class SentGen
{
    public static readonly long Midnight = Instants.From(new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));

    private static readonly Gen<int?> Value = Gen.Frequency(
        (4, Gen.Choose(0, 3).Select(step => (int?)(step * 10_000))),
        (1, Gen.Constant((int?)null)),
        (1, Gen.Choose(0, 20_000_000).Select(value => (int?)value)));

    private static readonly Gen<Row> Rows =
        from device in Gen.Choose(1, 3)
        from step in Gen.Choose(-15, 14)
        from use in Value
        from memory in Value
        from power in Value
        from temperature in Value
        select new Row($"GPU-{device}", Midnight + (step * 15 * Micros.PerSecond), use, memory, power, temperature);

    private static readonly Gen<Sent> One =
        from revision in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 2)))
        from count in Gen.Choose(0, 20)
        from rows in Rows.ArrayOf(count)
        select new Sent(revision, rows);

    public static Gen<Sent[]> Many { get; } = Gen.Choose(1, 5).SelectMany(count => One.ArrayOf(count));
}
