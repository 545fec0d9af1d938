using System.Diagnostics;
using Headroom.Domain.Time;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Serving;

/// <summary>Retention while the service runs.</summary>
[TestClass]
public sealed class RetentionTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Serve_SamplesPastRetention_AreRemovedAndTheirHoursStay()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            "c1,h,1,T256,ai,installed,2026-02-01T00:00:00Z,,\n",
            string.Concat(Enumerable.Range(1, 24 * 60).Select(minute => $"{TestCenter.At((minute - 0.5) / 60)},c1,40\n")));
        await using var service = await RunningService.StartAsync(center, options => options.RetainAfterSeconds = 0);

        // The shipped retention of raw samples is 35 days; it is June.
        var watch = Stopwatch.StartNew();
        while ((await service.Store.ReadSamplesAsync(new("case"), new("c1"), Window.Always, Token)).Count > 0)
        {
            Assert.IsLessThan(60, watch.Elapsed.TotalSeconds, "samples are still there");
            await Task.Delay(50, Token);
        }

        var hours = (await service.Store.ReadCardDaysAsync(new("case"), new(2026, 3, 2), new(2026, 3, 3), Instants.Never, Token)).Single().Hours;
        Assert.AreEqual(24, hours.Length);
        Assert.AreEqual(24 * 60, hours.Sum(hour => hour.Samples));
    }
}
