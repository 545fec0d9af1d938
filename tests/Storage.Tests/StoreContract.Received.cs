using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>What was received and rejected.</summary>
public abstract partial class StoreContract
{
    [TestMethod]
    public async Task ReadReceived_CountsAreExactAndRejectsAreKeptUpToAHundred()
    {
        await using var store = await OpenAsync(_folder.File());
        for (var i = 0; i < 3; i++)
        {
            await AppendAsync(store, new(0, [new("GPU-1", Noon + i, 1), new("GPU-2", Noon + i, 1)]));
        }

        var rejects = new RejectCounts();
        rejects.Accept();
        for (var i = 0; i < 250; i++)
        {
            rejects.Reject(new($"usage-2.csv:{i}", "GPU-1", Noon, "utilization", $"{i} %", RejectReason.OutOfRange));
        }

        rejects.Reject(new("usage-2.csv:900", null, null, null, "?", RejectReason.NoDevice));
        for (var i = 0; i < 2; i++)
        {
            await store.AppendAsync(Wuhan, new Sent(0, [new("GPU-1", Noon, 1)]).ToBatch(), new("usage-2.csv", "csv", Simulated: false, rejects), Token);
        }

        var notes = await store.ReadReceivedAsync(Wuhan, Instants.Never, Token);
        var rows = await store.ReadRejectedAsync(Wuhan, Instants.Never, 1_000, Token);

        Assert.AreEqual((6L, 6L), (notes.Where(n => n.Source == File1.Source).Sum(n => n.Received), notes.Where(n => n.Source == File1.Source).Sum(n => n.Accepted)));
        var second = notes.Where(n => n.Source == "usage-2.csv").ToList();
        Assert.AreEqual((504L, 2L, 2L), (second.Sum(n => n.Received), second.Sum(n => n.Accepted), second.Sum(n => n.Duplicates)));
        Assert.AreEqual(500, second.SelectMany(n => n.Rejected).Where(pair => pair.Reason == RejectReason.OutOfRange).Sum(pair => pair.Count));
        Assert.HasCount(102, rows);
        Assert.AreEqual(new RejectedRow("usage-2.csv:900", null, null, null, "?", RejectReason.NoDevice), rows[0]);
        Assert.HasCount(1, await store.ReadRejectedAsync(Wuhan, Instants.Never, 1, Token));
    }

    [TestMethod]
    public async Task ReadReceived_AsOfAnEarlierTime_CountsAndShowsWhatHadComeByThen()
    {
        await using var store = await OpenAsync(_folder.File());
        var earlier = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var plain = await store.AppendAsync(Wuhan, new Sent(0, [new("GPU-1", Noon + i, 1), new("GPU-2", Noon + i, 1)]).ToBatch(), File1, Token);
            var rejects = new RejectCounts();
            for (var row = 0; row < 70; row++)
            {
                rejects.Reject(new($"usage-2.csv:{i}.{row}", "GPU-1", Noon, "utilization", "150", RejectReason.OutOfRange));
            }

            var rejected = await store.AppendAsync(Wuhan, new SampleBatch(), new("usage-2.csv", "csv", Simulated: false, rejects), Token);
            Assert.IsGreaterThan(plain.Recorded, rejected.Recorded);
            earlier.Add(plain.Recorded);
            Clock.Now += 15_000_123 * (i + 1);
        }

        for (var i = 0; i < 5; i++)
        {
            var notes = await store.ReadReceivedAsync(Wuhan, earlier[i], Token);
            var examples = await store.ReadRejectedAsync(Wuhan, earlier[i], 1_000, Token);

            Assert.AreEqual((2L * (i + 1), 2L * (i + 1)), (notes.Where(n => n.Source == File1.Source).Sum(n => n.Received), notes.Where(n => n.Source == File1.Source).Sum(n => n.Accepted)));
            Assert.AreEqual(earlier[i], notes.Where(n => n.Source == File1.Source).Max(n => n.Recorded));
            Assert.AreEqual(70L * i, notes.Where(n => n.Source == "usage-2.csv").Sum(n => n.Received));
            Assert.HasCount(Math.Min(100, 70 * i), examples);
            Assert.IsTrue(examples.Count == 0 || examples[^1].Place == "usage-2.csv:0.0", "the first is never pruned");
        }

        Clock.Now += Micros.PerDay;
        var nextDay = new RejectCounts();
        for (var row = 0; row < 70; row++)
        {
            nextDay.Reject(new($"usage-2.csv:next.{row}", "GPU-1", Noon, "utilization", "150", RejectReason.OutOfRange));
        }

        await store.AppendAsync(Wuhan, new SampleBatch(), new("usage-2.csv", "csv", Simulated: false, nextDay), Token);
        Assert.AreEqual(10, (await store.ReadRejectedAsync(Wuhan, Instants.Never, 1_000, Token)).Count(row => row.Place.Contains("next", StringComparison.Ordinal)));
    }
}
