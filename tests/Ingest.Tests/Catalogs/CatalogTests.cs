using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;

namespace Headroom.Ingest.Tests.Catalogs;

[TestClass]
public sealed class CatalogTests
{
    private const string Header = "vendor,model,aliases,kind,fp16_dense_tflops,fp64_tflops,memory_mib,tdp_w,dies_per_card,source,source_date,certainty\n";

    [TestMethod]
    [DataRow("Ascend 910A", 256_000_000L, DisplayName = "canonical")]
    [DataRow("910a", 256_000_000L, DisplayName = "without vendor, lower case")]
    [DataRow("Ascend 910B", 256_000_000L, DisplayName = "910B of the first generation")]
    [DataRow("Ascend 910B3", 313_000_000L, DisplayName = "910B3")]
    [DataRow("NVIDIA A100-SXM4-80GB", 312_000_000L, DisplayName = "as dcgm-exporter prints it")]
    [DataRow("NVIDIA H100 80GB HBM3", 989_000_000L, DisplayName = "H100 as its driver names it")]
    public void Load_ShippedCatalog_FindsModelsByTheirNames(string name, long mflops) =>
        Assert.AreEqual(mflops, CardCatalogFile.Load(Places.Data("card-models.csv")).Find(name)?.Fp16Mflops);

    [TestMethod]
    public void Load_ShippedCatalog_HasKindsAndRatedPower()
    {
        var catalog = CardCatalogFile.Load(Places.Data("card-models.csv"));
        Assert.AreEqual(310_000, catalog.Find("Ascend 910A")!.RatedPowerMilliwatts);
        Assert.AreEqual(DeviceKind.CpuNode, catalog.Find("Dual-socket x86 node 2x40c 2.3GHz")!.Kind);
        Assert.AreEqual(5_888_000, catalog.Find("Dual-socket x86 node 2x40c 2.3GHz")!.Fp64Mflops);
        Assert.IsNull(catalog.Find("Ascend 910A")!.Fp64Mflops);
        Assert.IsNull(catalog.Find("no such card"));
    }

    [TestMethod]
    public void Parse_DenseAndSparseRating_NamesTheConflict()
    {
        // METRICS F15
        var message = Assert.ThrowsExactly<UserException>(() => CardCatalogFile.Parse(
            Header + "X,X1,,card,320,,,,1,dense sheet,2026-01-01,certain\nX,X-1,,card,640,,,,1,sparse sheet,2026-01-01,certain\n", "cards.csv")).Messages.Single();
        Assert.AreEqual((MessageCode.ConflictingRating, "cards.csv:3"), (message.Code, message.Place));
        CollectionAssert.AreEqual(new[] { "X-1", "FP16 320 TFLOPS", "dense sheet", "FP16 640 TFLOPS", "sparse sheet" }, message.Arguments.ToArray());
    }

    [TestMethod]
    public void Parse_WrongCells_AreAllTold()
    {
        var messages = Assert.ThrowsExactly<UserException>(() => CardCatalogFile.Parse(
            Header + "X,X1,,gpu,-3,,,,1,s,2026-01-01,certain\nX,,,card,1,,,,1,s,yesterday,maybe\n", "cards.csv")).Messages;
        CollectionAssert.AreEqual(
            new[] { "cards.csv:2 kind", "cards.csv:2 fp16_dense_tflops", "cards.csv:3 model", "cards.csv:3 source_date", "cards.csv:3 certainty" },
            messages.Select(m => $"{m.Place} {m.Arguments[0]}").ToArray());
        Assert.IsTrue(messages.All(m => m.Code == MessageCode.TableValue));
    }

    [TestMethod]
    public void Parse_ColumnMissing_SaysWhich()
    {
        var message = Assert.ThrowsExactly<UserException>(() => CardCatalogFile.Parse(Header.Replace("tdp_w,", "", StringComparison.Ordinal), "cards.csv")).Messages.Single();
        Assert.AreEqual((MessageCode.ColumnMissing, "tdp_w"), (message.Code, message.Arguments[0]));
    }

    [TestMethod]
    [DataRow("2021-02-07", true, DisplayName = "a Sunday made up for the spring festival of 2021")]
    [DataRow("2021-02-12", false, DisplayName = "new year's day 2021, a Friday")]
    [DataRow("2024-02-18", true, DisplayName = "a Sunday made up for in 2024")]
    [DataRow("2026-10-01", false, DisplayName = "national day 2026, a Thursday")]
    [DataRow("2026-03-02", true, DisplayName = "an ordinary Monday")]
    [DataRow("2026-03-01", false, DisplayName = "an ordinary Sunday")]
    public void IsWorkingDay_PublishedDays_AreAsPublished(string day, bool works) =>
        Assert.AreEqual(works, CalendarFile.Load(Places.Data("calendars", "china.csv")).IsWorkingDay(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [TestMethod]
    public void Calendar_EveryYear_ContainsItsLunarNewYear()
    {
        var calendar = CalendarFile.Load(Places.Data("calendars", "china.csv"));
        for (var year = 2020; year <= 2026; year++)
        {
            Assert.IsTrue(calendar.Covers(year));
            Assert.AreEqual("spring_festival", calendar.HolidayOf(ChineseCalendar.LunarNewYear(year)), year.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.IsFalse(calendar.Covers(2031));
        Assert.IsTrue(calendar.Spans.Where(span => span.Works).All(span => span.From.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
    }

    // Reference: Hong Kong Observatory, Gregorian-lunar calendar conversion tables.
    [TestMethod]
    [DataRow(2021, "2021-02-12")]
    [DataRow(2023, "2023-01-22")]
    [DataRow(2026, "2026-02-17")]
    public void LunarNewYear_KnownYears_MatchTheTables(int year, string day) =>
        Assert.AreEqual(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), ChineseCalendar.LunarNewYear(year));
}
