using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Accounting;
using Headroom.Domain.Facts;
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
    public void Of_ModelAllBusyBesideAnotherThatStandsFree_IsTheModel()
    {
        // 100 devices: 60 of model A, all held, and 40 of model B, 30 of them free. Who asks for A waits for the model, who asks for B for something else.
        var jobs = new[] { Log.Job("a", 0, 10, 12, 8) with { Model = "A" }, Log.Job("b", 0, 4, 12, 8) with { Model = "B" }, Log.Job("any", 0, 3, 12, 8), Log.Job("large", 0, 2, 12, 32) with { Model = "A" } };
        var causes = Causes(jobs, Log.Hours(12, _ => (100, 70, null)), 0, 30).Causes.ToDictionary(share => share.Cause);

        Assert.AreEqual((10.0, 80 / 24.0), (causes[QueueCause.Model].Hours, causes[QueueCause.Model].DeviceDays));
        Assert.AreEqual((4.0, 56 / 24.0), (causes[QueueCause.BesideFree].Hours, causes[QueueCause.BesideFree].DeviceDays));
        Assert.AreEqual((2.0, 64 / 24.0), (causes[QueueCause.Gang].Hours, causes[QueueCause.Gang].DeviceDays), "no model has 32 free");
        Assert.HasCount(3, causes);
    }

    [TestMethod]
    public void Of_EveryModelBusy_IsTheCenter()
    {
        var causes = Causes([Log.Job("a", 0, 10, 12, 8) with { Model = "A" }], Log.Hours(12, _ => (100, 98, null)), 0, 2);

        Assert.AreEqual(QueueCause.Center, causes.Causes.Single().Cause);
        Assert.AreEqual(10, causes.SaturationHours);
    }

    [TestMethod]
    public void Of_FullOnlyInTheModelThatIsAskedFor_IsNoSaturationOfTheCenter()
    {
        // Above 95 % held, and still 4 of model B are free for a job of 4 that asks for A.
        var causes = Causes([Log.Job("a", 0, 10, 12, 4) with { Model = "A" }], Log.Hours(12, _ => (100, 96, null)), 0, 4);

        Assert.AreEqual(QueueCause.Model, causes.Causes.Single().Cause);
        Assert.AreEqual(0, causes.SaturationHours);
    }

    [TestMethod]
    public void Of_JobLogBesideQuotas_IsTheQuota()
    {
        var hours = Log.Hours(12, _ => (100, 60, null));
        var jobs = new[] { Log.Job("1", 0, 10, 12, 8) };
        var input = new DemandInput([.. hours], null, Log.At(12)) { Tenants = [.. hours.Select(hour => new TenantCount("t", hour.Start, 50, 50, 8))] };

        Assert.AreEqual(QueueCause.Quota, QueueCauses.Of(input.With(jobs)).Causes.Single().Cause);
    }

    [TestMethod]
    public void Of_JobsThatWait_UnservedIsWhatWouldHaveRunMeanwhile()
    {
        // 40 that run 2 hours and wait 10: 2 of the 10 are demand that was not served. One that left after 10 hours would have run 2 as well.
        var jobs = Enumerable.Range(0, 40).Select(i => Log.Job($"{i}", i, i + 10, i + 12, 3)).Append(Log.Job("gone", 0, null, 10, 3, JobState.Cancelled)).ToArray();
        var causes = QueueCauses.Of(new DemandInput([.. Log.Hours(60, _ => (100, 98, null))], null, Log.At(60)).With(jobs));
        var center = causes.Causes.Single();

        Assert.AreEqual(41 * 30 / 24.0, center.DeviceDays, 1e-6);
        Assert.AreEqual(41 * 6 / 60.0, center.Unserved!.Value, 0.05);
        Assert.AreEqual(center.Unserved!.Value, causes.Tenants.Single().Unserved!.Value, 1e-9);
    }

    [TestMethod]
    public void Of_CountsAlone_UnservedIsNotKnown() => Assert.IsNull(QueueCauses.Of(new([.. Log.Hours(48, _ => (100, 98, 20))], null, 0)).Causes.Single().Unserved);

    [TestMethod]
    public void ModelHours_OfAPoolWithTwoModels_AreWhatNobodyHeldAndWasUp()
    {
        DeviceHistory Device(string id, string model, Window[] down, params Holding[] holdings) =>
            new(new(id), [new(Window.Always, "h", id, model, new("p"))], [.. down], [], [Window.Always], [.. holdings]);
        var devices = new[]
        {
            Device("1", "A", [], new Holding(new(Log.At(0), Log.At(2)), new("t"), "j")),
            Device("2", "A", [new(Log.At(1), Log.At(2))]),
            Device("3", "B", []),
            Device("4", "B", []),
        };
        var observed = Log.Hours(3, _ => (4, 1, null));
        double[] Free(string model, params JobFact[] jobs) => [.. ModelHours.Of(devices, jobs, new("p"), [.. observed], name => name ?? "").Where(hour => hour.Model == model).Select(hour => hour.Free)];

        CollectionAssert.AreEqual(new[] { 1.0, 0, 2 }, Free("A"));
        CollectionAssert.AreEqual(new[] { 2.0, 2, 2 }, Free("B"));
        CollectionAssert.AreEqual(new[] { 0.0, 1, 2 }, Free("B", Log.Job("1", 0, 0, 1.5, 2) with { Model = "B" }));
        Assert.IsEmpty(Free("A", Log.Job("1", 0, 0, 3, 2)), "nobody knows of which model those were");
        Assert.IsEmpty(ModelHours.Of(devices[..2], [], new("p"), [.. observed], name => name ?? ""), "one model");
    }

    private static QueueCauses Causes(JobFact[] jobs, ObservedHour[] hours, double freeA, double freeB) => QueueCauses.Of(new DemandInput([.. hours], null, Log.At(12))
    {
        Models = [.. hours.SelectMany(hour => (ModelCount[])[new("A", hour.Start, freeA), new("B", hour.Start, freeB)])],
    }.With(jobs));

    [TestMethod]
    public void Of_NobodyWaits_IsNothing() => Assert.IsEmpty(QueueCauses.Of(new([.. Log.Hours(30, _ => (80, 80, 0))], null, 0)).Causes);

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
