using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Charts;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.Head;
using Headroom.Reports.Sections.Heatmap;
using Headroom.Reports.Sections.HourlyCurve;
using Headroom.Reports.Sections.Quality;
using Headroom.Reports.Sections.StateWaterfall;
using Headroom.Reports.Sections.Summary;
using Headroom.Reports.Sections.Tenants;
using Headroom.Reports.Tests.Daily;

namespace Headroom.Reports.Tests.Sections;

[TestClass]
public sealed class SectionModelTests
{
    // Four cards of 256 TFLOPS: 96 card-hours installed, 24 down, 2 in maintenance, 70 available, 36 allocated, 24 busy of 62 known.
    [TestMethod]
    public void Summary_SmallCenter_IsAsCountedByHand()
    {
        var pool = SummaryModel.Of(Samples.Input()).Pools[0];

        Assert.AreEqual(36.0 / 70, pool.U1s.Value!.Value, 1e-12);
        Assert.AreEqual(24.0 / 62 * 70 / 96, pool.U2.Value!.Value, 1e-12);
        Assert.AreEqual(24.0 / 62, pool.U3.Value!.Value, 1e-12);
        Assert.AreEqual(62.0 / 70, pool.U3.Coverage!.Value, 1e-12);
        Assert.AreEqual(24.0 / 70, pool.U3.Low!.Value, 1e-12);
        Assert.AreEqual(32.0 / 70, pool.U3.High!.Value, 1e-12);
        Assert.IsTrue(pool.U3.IsMarked);
        Assert.AreEqual(24.0 / 36, pool.U4.Value!.Value, 1e-12);
        Assert.AreEqual(96 * 0.256, pool.Installed.Value!.Value, 1e-12);
        Assert.AreEqual(4 * 0.256, pool.CatalogSum!.Value!.Value, 1e-12);
        Assert.AreEqual(1, pool.Nameplate!.Value);
        Assert.AreEqual(96 * 0.2, pool.Energy!.Value!.Value, 1e-12);
    }

    [TestMethod]
    public void Summary_PoolWithoutAllocationOrRating_SaysSoAndCountsDevices()
    {
        var pool = SummaryModel.Of(Samples.Input()).Pools[1];

        Assert.AreEqual(FigureGap.NoAllocationSource, pool.U1s.Gap);
        Assert.AreEqual(FigureGap.NoAllocationSource, pool.U4.Gap);
        Assert.AreEqual(0.5, pool.U3.Value!.Value, 1e-12);
        Assert.AreEqual(24, pool.Installed.Value);
        Assert.AreEqual(Domain.Metrics.MetricUnit.DeviceHours, pool.Installed.Unit);
        Assert.IsNull(pool.CatalogSum);
        CollectionAssert.AreEqual((string[])[""], pool.Unrated.ToArray());
    }

    [TestMethod]
    public void Summary_CoverageBelowOneHalf_HasBoundsOnly()
    {
        var input = Samples.Of(Samples.Center(), Samples.Day, true, null, Samples.Card("a1", "h-1", h => Samples.Cells((h < 13 ? Cell.FreeUseUnknown : Cell.FreeIdle, 60)), _ => []));

        var use = SummaryModel.Of(input).Pools[0].U3;

        Assert.AreEqual(FigureGap.BoundsOnly, use.Gap);
        Assert.IsNull(use.Value);
        Assert.AreEqual(0, use.Low);
        Assert.AreEqual(13.0 / 24, use.High!.Value, 1e-12);
    }

    [TestMethod]
    public void Tenants_JobsThatNameNoDevice_SumToTheirPoolAndClaimNoUse()
    {
        var model = TenantsModel.Of(Samples.JobTimeAlone());
        var ai = model.CountedOf(Samples.Ai)!;

        Assert.IsEmpty(model.Pools);
        CollectionAssert.AreEqual((string[])["uni", "maker"], ai.Rows.Select(row => row.Tenant!.Value.Value).ToArray());
        Assert.AreEqual(36.5, ai.Total.Allocated.Value);
        Assert.AreEqual(ai.Total.Allocated.Numerator, ai.Rows.Aggregate(BigInteger.Zero, (sum, row) => sum + row.Allocated.Numerator!.Value));
        Assert.AreEqual((4.0, 3.0, 1.0), (ai.Total.Started.Value, ai.Total.Ended.Value, ai.Total.Pending.Value));
        Assert.IsFalse(model.Figures.Any(figure => figure.Metric == Domain.Metrics.MetricCatalog.IdleShare.Id || figure.Metric == Domain.Metrics.MetricCatalog.Used.Id));
    }

    [TestMethod]
    [DataRow(false, DisplayName = "small")]
    [DataRow(true, DisplayName = "big")]
    public void StateWaterfall_Steps_SumExactlyToInstalled(bool big)
    {
        foreach (var pool in StateWaterfallModel.Of(big ? BigCenter.Input() : Samples.Input()).Pools)
        {
            Assert.AreEqual(pool.Installed.Numerator, pool.Steps.Aggregate(BigInteger.Zero, (sum, step) => sum + step.Amount.Numerator!.Value));
            CollectionAssert.AreEquivalent(Enum.GetValues<ReportedState>(), pool.Steps.Select(step => step.State).ToArray());
        }
    }

    [TestMethod]
    [DataRow(false, DisplayName = "small")]
    [DataRow(true, DisplayName = "big")]
    public void Tenants_Rows_SumExactlyToThePool(bool big)
    {
        foreach (var pool in TenantsModel.Of(big ? BigCenter.Input() : Samples.Input()).Pools)
        {
            Assert.AreEqual(pool.Total.Allocated.Numerator, pool.Rows.Aggregate(BigInteger.Zero, (sum, row) => sum + row.Allocated.Numerator!.Value));
            Assert.AreEqual(pool.Total.Used.Numerator, pool.Rows.Aggregate(BigInteger.Zero, (sum, row) => sum + row.Used.Numerator!.Value));
        }
    }

    [TestMethod]
    public void Tenants_SmallCenter_LargestFirst()
    {
        var pool = TenantsModel.Of(Samples.Input()).Pools[0];

        CollectionAssert.AreEqual((string[])["uni", "maker"], pool.Rows.Select(row => row.Tenant!.Value.Value).ToArray());
        Assert.AreEqual(24 * 0.256, pool.Rows[0].Allocated.Value!.Value, 1e-12);
        Assert.AreEqual(0.25, pool.Rows[0].Idle.Value!.Value, 1e-12);
        Assert.AreEqual(0.5, pool.Rows[1].Idle.Value!.Value, 1e-12);
    }

    [TestMethod]
    public void Tenants_RollUpsOfOtherCards_Throws()
    {
        var input = Samples.Input();

        Assert.ThrowsExactly<ArgumentException>(() => TenantsModel.Of(input with { CardDays = [.. input.CardDays.Skip(1)] }));
    }

    [TestMethod]
    public void Heatmap_UnknownDownAndMaintenance_AreNotZero()
    {
        var rows = HeatmapModel.Of(Samples.Input()).Pools[0].Rows;

        Assert.AreEqual(new HeatCell(HeatState.Known, 0.75), rows[0].Cells[0]);
        Assert.AreEqual(new HeatCell(HeatState.Known, 0), rows[1].Cells[23]);
        Assert.AreEqual(new HeatCell(HeatState.Down, null), rows[2].Cells[5]);
        Assert.AreEqual(new HeatCell(HeatState.Unknown, null), rows[3].Cells[7]);
        Assert.AreEqual(new HeatCell(HeatState.Maintenance, null), rows[3].Cells[8]);
    }

    [TestMethod]
    public void Heatmap_HoursNotBegun_AreNotThere()
    {
        var input = BigCenter.Input(Samples.Input().Window.From + (14 * Micros.PerHour));

        var cells = HeatmapModel.Of(input).Pools[0].Rows[0].Cells;

        Assert.HasCount(24, cells);
        Assert.IsTrue(cells.Skip(14).All(cell => cell == new HeatCell(HeatState.NotInstalled, null)));
    }

    [TestMethod]
    public void Heatmap_TooManyDevices_DrawsHosts()
    {
        var cards = Enumerable.Range(0, HeatmapModel.MostDeviceRows + 1).Select(i => Samples.Card($"a{i}", $"h-{i / 8}", _ => Samples.Cells((Cell.FreeIdle, 60)), _ => [])).ToArray();

        var pool = HeatmapModel.Of(Samples.Of(Samples.Center(), Samples.Day, true, null, cards)).Pools[0];

        Assert.AreEqual(1, pool.HostsPerRow);
        Assert.HasCount(65, pool.Rows);
        Assert.AreEqual("h-9", pool.Rows[9].Host);
        Assert.HasCount(65, pool.Details);
        CollectionAssert.AreEqual((string[])["a72", "a73", "a74", "a75", "a76", "a77", "a78", "a79"], pool.Details[9].Cards.Select(card => card.Device).ToArray());
        Assert.AreEqual(("h-9", "h-9"), (pool.Details[9].Row, pool.Details[9].Name));
    }

    [TestMethod]
    public void HeatDetailJson_StatesOfACard_AreToldApart()
    {
        HeatCell[] cells = [new(HeatState.Known, 0), new(HeatState.Known, 1), new(HeatState.Unknown, null), new(HeatState.Down, null), new(HeatState.Maintenance, null), new(HeatState.NotInstalled, null)];
        var heat = HeatmapModel.Of(Samples.Input()).Pools[0] with { Details = [new("n-0–3", "n-1", [new("n-1", "</script>", [.. cells])])] };

        var json = HeatDetailJson.Write(heat, Texts.For("en"));

        Assert.DoesNotContain("<", json, StringComparison.Ordinal);
        using var written = System.Text.Json.JsonDocument.Parse(json);
        var group = written.RootElement.GetProperty("groups")[0];
        Assert.AreEqual("0064??xxmm--", group.GetProperty("cards").GetProperty("</script>").GetString());
        Assert.AreEqual("Unknown", written.RootElement.GetProperty("words").GetProperty("??").GetString());
    }

    [TestMethod]
    public void Heatmap_MoreHostsThanRows_DrawsRunsOfNeighbors()
    {
        var cards = Enumerable.Range(0, 600).Select(i => Samples.Card($"n{i}", $"node-{i:000}", _ => Samples.Cells((Cell.FreeIdle, 60)), _ => [])).ToArray();

        var pool = HeatmapModel.Of(Samples.Of(Samples.Center(), Samples.Day, true, null, cards)).Pools[0];

        Assert.AreEqual(7, pool.HostsPerRow, "600 hosts in at most 96 rows");
        Assert.HasCount(86, pool.Rows);
        Assert.AreEqual("node-000–006", pool.Rows[0].Host);
        Assert.AreEqual("node-595–599", pool.Rows[^1].Host);
        Assert.HasCount(86, pool.Details, "a host is one card: the cards of a row are told together");
        Assert.HasCount(7, pool.Details[0].Cards);
    }

    [TestMethod]
    public void Tenants_UseUnknownAllDay_HasBoundsAndNoPoint()
    {
        var card = Samples.Card("a1", "h-1", _ => Samples.Cells((Cell.AllocatedUseUnknown, 60)), _ => [new(new("uni"), 0, 0, Micros.PerHour)]);

        var used = TenantsModel.Of(Samples.Of(Samples.Center(), Samples.Day, true, null, card)).Pools[0].Rows[0].Used;

        Assert.IsNull(used.Value, "unknown is not 0");
        Assert.AreEqual(0, used.Low);
        Assert.IsGreaterThan(0, used.High!.Value);
    }

    [TestMethod]
    public void Heatmap_PoolWithoutGauge_DrawsAllocation()
    {
        var center = Samples.Center();
        center = center with { Pools = [.. center.Pools.Select(p => p with { HasGauge = false })] };
        var card = Samples.Card("a1", "h-1", _ => Samples.Cells((Cell.AllocatedUseUnknown, 15), (Cell.FreeUseUnknown, 45)), _ => [new(new("uni"), 0, 0, Micros.PerHour / 4)]);

        var pool = HeatmapModel.Of(Samples.Of(center, Samples.Day, true, null, card)).Pools[0];

        Assert.AreEqual(HeatAxis.Allocation, pool.Axis);
        Assert.AreEqual(new HeatCell(HeatState.Known, 0.25), pool.Rows[0].Cells[0]);
    }

    // Europe/Berlin leaves summer time on 25 October 2026: the hour from 2 comes twice.
    [TestMethod]
    public void HourlyCurve_DayOf25Hours_NamesTheDoubleHourByOffset()
    {
        var center = Samples.Center("Europe/Berlin");
        var input = Samples.Of(center, new(2026, 10, 25), true, null, Samples.Card("a1", "h-1", _ => Samples.Cells((Cell.AllocatedBusy, 60)), _ => [new(new("uni"), Micros.PerHour, 0, 0)]));

        var hours = HourlyCurveModel.Of(input).Pools[0].Steps;

        Assert.HasCount(25, hours);
        var labels = hours.Select(hour => LocalTimes.Hour(hour.Local, hours.Select(h => h.Local))).ToArray();
        CollectionAssert.AreEqual((string[])["01", "02 +02:00", "02 +01:00", "03"], labels[1..5]);
        Assert.IsTrue(hours.All(hour => hour.U3!.Value == 1));
    }

    [TestMethod]
    public void HourlyCurve_HoursNotBegun_HaveNoFigures()
    {
        var hours = HourlyCurveModel.Of(BigCenter.Input(Samples.Input().Window.From + (14 * Micros.PerHour))).Pools[0].Steps;

        Assert.HasCount(24, hours);
        Assert.IsTrue(hours.Skip(14).All(hour => hour.U1s is null && hour.U3 is null));
        Assert.IsNotNull(hours[13].U3);
    }

    [TestMethod]
    public void Head_AssumedNumbers_AreListedAndCitedOnesAreNot()
    {
        var head = HeadModel.Of(Samples.Input());

        CollectionAssert.AreEqual((string[])["Devices", "Nameplate", "Devices", "Phase"], head.Assumptions.Select(a => a.Kind).ToArray());
        Assert.IsNull(head.Until);
    }

    [TestMethod]
    public void Quality_AccountThatDoesNotAddUp_Throws()
    {
        var input = Samples.Input();
        var source = input.Quality.Sources[0] with { Received = 101 };

        Assert.ThrowsExactly<ArgumentException>(() => QualityModel.Of(input with { Quality = input.Quality with { Sources = [source] } }));
    }

    [TestMethod]
    public void PoolDay_PoolsOfTheFileFirst_ThenOthersById()
    {
        var pools = PoolDay.Of(
            [.. new[] { "zeta", "hpc", "beta", "ai" }.Select(id => new PoolHour(new PoolId(id), 0, Domain.Metrics.UsageSums.Zero, null))], Samples.Center());

        CollectionAssert.AreEqual((string[])["ai", "hpc", "beta", "zeta"], pools.Select(pool => pool.Pool.Value).ToArray());
    }
}
