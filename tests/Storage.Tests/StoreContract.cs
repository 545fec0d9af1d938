using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>What every storage engine does. One derived class per engine.</summary>
#pragma warning disable CA1001 // the folder goes in RemoveFolder, after each test
public abstract partial class StoreContract
#pragma warning restore CA1001
{
    private protected static readonly CenterId Wuhan = new("wuhan");
    private protected static readonly SourceNote File1 = new("usage-1.csv", "csv", Simulated: false, Rejects: null);
    private protected static readonly long Noon = Instants.From(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private static readonly Window Ever = new(long.MinValue, Instants.Never);

    private StoreFolder _folder = null!;

    public TestContext TestContext { get; set; } = null!;

    private protected StandingClock Clock { get; } = new(Instants.From(new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)));

    private protected StoreFolder Folder => _folder;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestInitialize]
    public void MakeFolder() => _folder = new();

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    /// <summary>Opens the store in a file, creating it where there is none.</summary>
    private protected abstract Task<IStore> OpenAsync(string path, bool readOnly = false);

    /// <summary>Packs what is open, in whatever way the engine does.</summary>
    private protected abstract Task PackAsync(IStore store);

    private protected Task<AppendReceipt> AppendAsync(IStore store, Sent sent) => store.AppendAsync(Wuhan, sent.ToBatch(), File1, Token);

    private protected Task<AppendReceipt> RecordAsync(IStore store, FactBatch facts) => store.AppendAsync(Wuhan, facts, File1, Token);

    private protected static Oracle Told(params Sent[] sent)
    {
        var oracle = new Oracle();
        foreach (var batch in sent)
        {
            oracle.Append(batch);
        }

        return oracle;
    }

    private protected async Task AssertSamplesAsync(IStore store, Oracle oracle)
    {
        foreach (var device in oracle.Devices)
        {
            var (expected, actual) = (oracle.Samples(device, Ever), await store.ReadSamplesAsync(Wuhan, new(device), Ever, Token));
            CollectionAssert.AreEqual(expected.Instants, actual.Instants);
            CollectionAssert.AreEqual(expected.UsePpm, actual.UsePpm);
            CollectionAssert.AreEqual(expected.MemoryKib, actual.MemoryKib);
            CollectionAssert.AreEqual(expected.PowerMilliwatts, actual.PowerMilliwatts);
            CollectionAssert.AreEqual(expected.TemperatureMillidegrees, actual.TemperatureMillidegrees);
        }
    }

    private protected static JobFact Job(string id, long? started, long? ended, string device = "GPU-1") => new(
        "slurm",
        id,
        new("武汉大学"),
        Noon - Micros.PerHour,
        null,
        started,
        ended,
        1,
        ended is not null ? JobState.Completed : started is not null ? JobState.Running : JobState.Pending,
        new PoolId("ai"),
        null,
        [new(device)],
        null,
        Preemptible: false,
        null,
        null);
}
