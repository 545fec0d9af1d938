using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Where a queue comes from.</summary>
[TestClass]
public sealed class QueueCausesTests
{
    [TestMethod]
    public void Of_CenterFullWhileJobsWait_IsTheCenter()
    {
        var causes = QueueCauses.Of(new([.. Log.Hours(48, _ => (100, 98, 20))], null, 0));

        Assert.AreEqual(QueueCause.Center, causes.Causes.Single().Cause);
        Assert.AreEqual(48, causes.SaturationHours);
        Assert.AreEqual(40, causes.Causes[0].DeviceDays, 1e-9);
        Assert.AreEqual(0.98, causes.FullWhileWaiting!.Value, 1e-9);
    }

    [TestMethod]
    public void Of_TenantAtItsQuotaBesideFreeDevices_IsTheQuotaAndNamesIt()
    {
        var hours = Log.Hours(48, _ => (100, 60, 8));
        var tenants = hours.SelectMany(hour => (TenantCount[])[new("a", hour.Start, 50, 50, 8), new("b", hour.Start, 50, 10, 0)]);
        var causes = QueueCauses.Of(new([.. hours], null, 0) { Tenants = [.. tenants] });

        Assert.AreEqual(QueueCause.Quota, causes.Causes.Single().Cause);
        Assert.AreEqual(0, causes.SaturationHours);
        Assert.AreEqual(new TenantQueue("a", QueueCause.Quota, 1, 48, 16, 8), causes.Tenants.Single());
        Assert.AreEqual(0.6, causes.FullWhileWaiting!.Value, 1e-9);
    }

    [TestMethod]
    public void Of_LargeJobBesideTooFewFreeDevices_IsTheGang()
    {
        // 64 devices asked for, 40 of 100 free; a job of 8 beside it waits for something else.
        var jobs = new[] { Log.Job("big", 0, 10, 12, 64), Log.Job("small", 0, 4, 12, 8) };
        var hours = Log.Hours(12, _ => (100, 60, null));
        var causes = QueueCauses.Of(new([.. hours], Episodes.Of(jobs, Log.At(12)), Log.At(12)));

        Assert.AreEqual((QueueCause.Gang, 10.0, Math.Round(640 / 24.0, 9)), (causes.Causes[0].Cause, causes.Causes[0].Hours, Math.Round(causes.Causes[0].DeviceDays, 9)));
        Assert.AreEqual((QueueCause.BesideFree, 4.0), (causes.Causes[1].Cause, causes.Causes[1].Hours));
    }

    [TestMethod]
    public void Of_FullOnlyBecauseDevicesAreDown_IsTheDrain()
    {
        var hours = Log.Hours(30, _ => (80, 80, 10));
        var causes = QueueCauses.Of(new([.. hours], null, 0) { Down = hours.ToImmutableDictionary(hour => hour.Start, _ => 20.0) });

        Assert.AreEqual(QueueCause.Drained, causes.Causes.Single().Cause);
    }

    [TestMethod]
    public void Packing_OfHoursInWhichGangsWait_IsTheirThirdQuartileWithItsRange()
    {
        // A gang of 64 waits all along; the pool fills from 50 to 89 of 100 in turn, 4 hours each.
        var hours = Log.Hours(160, hour => (100, 50 + (hour % 40), null));
        var packing = QueueCauses.Of(new([.. hours], Episodes.Of([Log.Job("big", 0, 160, 170, 64)], Log.At(160)), Log.At(160))).Packing!;

        Assert.AreEqual((160, 0.79, 0.53, 0.85), (packing.Hours, Math.Round(packing.Factor, 2), Math.Round(packing.Low80, 2), Math.Round(packing.High80, 2)));
    }

    [TestMethod]
    [DataRow(71, 98, false, DisplayName = "an hour too few")]
    [DataRow(72, 98, true, DisplayName = "three days")]
    [DataRow(200, 60, false, DisplayName = "beside free devices")]
    public void Packing_NeedsThreeDaysOfWaitsForThePoolItself(int count, int allocated, bool calibrated) =>
        Assert.AreEqual(calibrated, QueueCauses.Of(new([.. Log.Hours(count, _ => (100, allocated, 20))], null, 0)).Packing is not null);

    [TestMethod]
    public void Of_NobodyWaits_IsNothing() => Assert.AreEqual(QueueCauses.None, QueueCauses.Of(new([.. Log.Hours(30, _ => (80, 80, 0))], null, 0)));

    [TestMethod]
    public void Of_ClusterAtTwoThirdsWhoseTenantsWaitAtTheirQuotas_IsNotSaturated()
    {
        // SenseTime Helios, cluster Earth, May 2020; shared/data/traces/helios-earth-vc.
        var file = Shared("data", "traces", "helios-earth-vc", "hourly_by_tenant.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var names = reader.ReadLine()!.Split(',').ToList();
        var tenants = new List<TenantCount>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            double Number(string name) => double.Parse(cells[names.IndexOf(name)], CultureInfo.InvariantCulture);
            tenants.Add(new(cells[1], Instants.From(DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture)), Number("installed_cards"), Number("allocated_cards"), Number("queued_cards")));
        }

        var observed = tenants.GroupBy(hour => hour.Start).OrderBy(hour => hour.Key)
            .Select(hour => new ObservedHour(hour.Key, hour.Sum(t => t.Quota!.Value), hour.Sum(t => t.Allocated), hour.Sum(t => t.Queued))).ToImmutableArray();
        var input = new DemandInput(observed, null, observed[^1].Start + Micros.PerHour) { Tenants = [.. tenants] };
        var (causes, demand) = (QueueCauses.Of(input), LatentDemand.Of(input));

        Assert.AreEqual(0.667, observed.Sum(hour => hour.Allocated) / observed.Sum(hour => hour.Installed), 0.001);
        Assert.AreEqual(QueueCause.Quota, causes.Causes[0].Cause);
        Assert.IsGreaterThan(0.8 * causes.Causes.Sum(share => share.DeviceDays), causes.Causes[0].DeviceDays);
        Assert.AreEqual(0, causes.SaturationHours);
        CollectionAssert.AreEqual(new[] { "vc6YE", "vcpDC" }, causes.Tenants.Take(2).Select(queue => queue.Tenant).ToArray());
        Assert.IsInstanceOfType<DemandAnswer.LowerBound>(demand);
        Assert.IsNotInstanceOfType<SaturationAnswer.SaturatedSince>(SaturationForecast.Of(new(demand, observed, new("Asia/Shanghai"))));
    }

    private static string Shared(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine([folder.FullName, "shared", .. path]);
            if (File.Exists(file))
            {
                return file;
            }
        }

        Assert.Inconclusive("The shared traces are not here.");
        return "";
    }
}
