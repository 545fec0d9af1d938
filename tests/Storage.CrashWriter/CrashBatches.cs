using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.CrashWriter;

/// <summary>Numbered batches that anyone can make again: what the killed writer writes and the test expects.</summary>
public static class CrashBatches
{
    public const int Devices = 5;
    public const int RowsPerDevice = 40;

    /// <summary>A job comes with every so many batches of samples.</summary>
    public const int BatchesPerJob = 5;

    public static readonly CenterId Center = new("wuhan");
    public static readonly SourceNote Source = new("crash", "csv", Simulated: true, Rejects: null);
    private static readonly long Start = Instants.From(new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));

    /// <summary>The time of one batch: no other has a row in it.</summary>
    public static Window WindowOf(int number) => new(Start + (number * RowsPerDevice * Micros.PerSecond), Start + ((number + 1) * RowsPerDevice * Micros.PerSecond));

    public static string Device(int device) => $"GPU-{device}";

    public static SampleBatch Samples(int number)
    {
        var batch = new SampleBatch();
        for (var row = 0; row < RowsPerDevice; row++)
        {
            for (var device = 0; device < Devices; device++)
            {
                var added = batch.Add(batch.Ordinal(new(Device(device), null, null, null, null)), WindowOf(number).From + (row * Micros.PerSecond));
                batch.Set(added, TelemetryMetrics.Utilization, number);
                batch.Set(added, TelemetryMetrics.Power, row);
            }
        }

        return batch;
    }

    public static FactBatch Facts(int number) => FactBatch.Empty with
    {
        Jobs =
        [
            new(
                "slurm",
                $"{number}",
                new("a"),
                WindowOf(number).From,
                null,
                WindowOf(number).From,
                WindowOf(number).Until,
                1,
                JobState.Completed,
                null,
                null,
                [new(Device(0))],
                null,
                Preemptible: false,
                null,
                null),
        ],
    };

    /// <summary>Appends a batch as both the writer and the test do.</summary>
    public static async Task AppendAsync(IStore store, int number, CancellationToken cancellationToken)
    {
        await store.AppendAsync(Center, Samples(number), Source, cancellationToken).ConfigureAwait(false);
        if (number % BatchesPerJob == 0)
        {
            await store.AppendAsync(Center, Facts(number), Source, cancellationToken).ConfigureAwait(false);
        }
    }
}
