using System.Globalization;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records.Series;

namespace Headroom.Ingest.Tests.Records;

[TestClass]
public sealed class SeriesInstantTests
{
    [TestMethod]
    [DataRow("1970-01-01T00:00:00Z")]
    [DataRow("2024-02-29T23:59:59Z")]
    [DataRow("0001-01-01T00:00:00Z")]
    [DataRow("9999-12-31T12:30:00Z")]
    public void Instant_AsNearlyAllFilesWriteIt_IsWhatTheFrameworkReads(string text) =>
        Assert.AreEqual(Instants.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)), SeriesFile.Instant(text));

    [TestMethod]
    [DataRow("2026-02-29T00:00:00Z", DisplayName = "no leap year")]
    [DataRow("2026-13-01T00:00:00Z", DisplayName = "no month")]
    [DataRow("2026-00-01T00:00:00Z", DisplayName = "month zero")]
    [DataRow("2026-01-00T00:00:00Z", DisplayName = "day zero")]
    [DataRow("0000-01-01T00:00:00Z", DisplayName = "year zero")]
    [DataRow("2026-01-01T00:61:00Z", DisplayName = "no minute")]
    [DataRow("2026-01-01T0a:00:00Z", DisplayName = "a letter")]
    public void Instant_NoSuchTime_IsNone(string text) => Assert.IsNull(SeriesFile.Instant(text));

    [TestMethod]
    public void Instant_OtherwiseWritten_IsReadAllTheSame()
    {
        Assert.AreEqual(SeriesFile.Instant("2026-03-01T08:00:00Z"), SeriesFile.Instant("2026-03-01 08:00:00"));
        Assert.AreEqual(SeriesFile.Instant("2026-03-01T08:00:00Z"), SeriesFile.Instant("2026-03-01T16:00:00+08:00"));
        Assert.AreEqual(SeriesFile.Instant("2026-03-01T08:00:00Z"), SeriesFile.Instant("1772352000"));
    }
}
