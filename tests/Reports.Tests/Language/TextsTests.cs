using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Accounting;
using Headroom.Domain.Messages;
using Headroom.Domain.Metrics;
using Headroom.Domain.Telemetry;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Reports.Sections;

namespace Headroom.Reports.Tests.Language;

[TestClass]
public sealed partial class TextsTests
{
    private static readonly string[] Files = ["ReportText", "MessageText", "CommandText"];

    [TestMethod]
    [DataRow("ReportText", DisplayName = "report")]
    [DataRow("MessageText", DisplayName = "messages")]
    [DataRow("CommandText", DisplayName = "commands")]
    public void EveryKey_BothLanguages_HasTheSamePlaceholders(string file)
    {
        var (english, chinese) = (Read(file, CultureInfo.InvariantCulture), Read(file, CultureInfo.GetCultureInfo("zh-CN")));

        CollectionAssert.AreEquivalent(english.Keys.ToArray(), chinese.Keys.ToArray());
        foreach (var (key, text) in english)
        {
            Assert.AreEqual(Placeholders(text), Placeholders(chinese[key]), key);
        }
    }

    [TestMethod]
    public void EveryKey_OfAllFiles_IsThereOnce()
    {
        var keys = Files.SelectMany(file => Read(file, CultureInfo.InvariantCulture).Keys).ToArray();

        CollectionAssert.AllItemsAreUnique(keys);
    }

    [TestMethod]
    public void EveryWordOfTheDomain_BothLanguages_HasItsText()
    {
        string[] keys =
        [
            .. MetricCatalog.All.SelectMany(metric => (string[])[$"Metric.{metric.Id.Name}.Name", $"Metric.{metric.Id.Name}.Definition"]),
            .. Enum.GetValues<MessageCode>().SelectMany(code => new[] { "Found", "Expected", "Did", "ToDo" }.Select(part => $"Message.{code}.{part}")),
            .. ForecasterCatalog.Default.Forecasters.Select(forecaster => $"Forecast.Name.{forecaster.Name}"),
            .. Enum.GetValues<ReportedState>().Select(state => $"State.{state}"),
            .. Enum.GetValues<RejectReason>().Select(reason => $"Reject.{reason}"),
            .. Enum.GetValues<MetricUnit>().SelectMany(unit => (string[])[$"Unit.{unit}", $"Unit.{unit}.With"]),
            .. Enum.GetValues<DemandAnswerKind>().Select(answer => $"Answer.{answer}"),
            .. Enum.GetValues<DemandMethod>().Select(method => $"DemandMethod.{method}"),
            .. Enum.GetValues<DemandReason>().Select(reason => $"DemandReason.{reason}"),
            .. Enum.GetValues<DemandCaveat>().Select(caveat => $"DemandCaveat.{caveat}"),
            .. Enum.GetValues<QueueCause>().SelectMany(cause => (string[])[$"QueueCause.{cause}", $"QueueOrigin.Mostly.{cause}"]),
            .. Enum.GetValues<DemandDimension>().SelectMany(side => (string[])[$"DemandParts.By.{side}", $"DemandParts.Column.{side}"]),
            .. Enum.GetValues<DemandAnswerKind>().Select(answer => $"Asked.Kind.{answer}"),
            .. Enum.GetValues<WouldHelp>().Select(help => $"WouldHelp.{help}"),
            .. Enum.GetValues<CapacityKind>().Select(kind => $"Capacity.{kind}"),
            .. ReportSections.Demand.Select(section => $"{section.Name}.Title"),
            .. ReportSections.Saturation.Select(section => $"{section.Name}.Title"),
            .. ReportSections.Daily.Select(section => $"{section.Name}.Title").Where(key => key != "Head.Title"),
        ];
        foreach (var language in Texts.Languages)
        {
            var missing = keys.Where(key => string.IsNullOrWhiteSpace(Texts.For(language).Find(key))).ToArray();
            Assert.IsEmpty(missing, $"{language}: {string.Join(", ", missing)}");
        }
    }

    [TestMethod]
    public void Indexer_MissingKey_Throws() => Assert.ThrowsExactly<KeyNotFoundException>(() => Texts.For("en")["No.Such.Key"]);

    [TestMethod]
    [DataRow("zh", "zh-CN", DisplayName = "zh")]
    [DataRow("zh-Hans-CN", "zh-CN", DisplayName = "zh-Hans-CN")]
    [DataRow("fr", "en", DisplayName = "another")]
    public void For_AnyLanguage_IsOneOfTwo(string language, string expected) => Assert.AreEqual(expected, Texts.For(language).Name);

    [TestMethod]
    public void Chinese_EveryText_UsesFullWidthPunctuation()
    {
        foreach (var (key, text) in Files.SelectMany(file => Read(file, CultureInfo.GetCultureInfo("zh-CN"))))
        {
            Assert.IsFalse(HalfWidthAfterChinese().IsMatch(text), $"{key}: {text}");
        }
    }

    [TestMethod]
    public void Print_ColumnMissing_IsOneLineInOrder()
    {
        var message = UserMessage.Of(MessageCode.ColumnMissing, "usage.csv:1", "card", "time,value", "timestamp,card,utilization");

        Assert.AreEqual(
            "usage.csv:1: Missing columns: card. The header reads: time,value. Columns: timestamp,card,utilization. Nothing of this file was taken. Add the columns, or name them with --map.",
            MessagePrinter.Print(message, "en"));
        Assert.AreEqual(
            "usage.csv:1：缺少列：card；表头为：time,value。应有列：timestamp,card,utilization。该文件未导入。请补齐列，或用 --map 指定对应关系。",
            MessagePrinter.Print(message, "zh-CN"));
    }

    [TestMethod]
    public void Print_ArgumentLeftOut_DropsItsClause()
    {
        Assert.EndsWith("Did you mean pools?", MessagePrinter.Print(UserMessage.Of(MessageCode.CenterFileKey, "a.yaml:3", "pool", "pools", "pools, tenants"), "en"), StringComparison.Ordinal);
        Assert.EndsWith("Correct or remove the key.", MessagePrinter.Print(UserMessage.Of(MessageCode.CenterFileKey, "a.yaml:3", "x", null, "pools, tenants"), "en"), StringComparison.Ordinal);
    }

    [TestMethod]
    public void Print_RowRejected_NamesTheFirstRow()
    {
        var message = UserMessage.Of(MessageCode.RowRejected, "usage-2026-03.csv:418", "out_of_range", 2, "npu-0412", "utilization", "150");

        Assert.AreEqual(
            "usage-2026-03.csv:418: Rows rejected: 2. The first one, device npu-0412, column utilization, reads \"150\". Rows as the format describes them. "
            + "They were rejected (out_of_range); their time counts as unknown. Check the unit and the shape of what stands there.",
            MessagePrinter.Print(message, "en"));
    }

    [TestMethod]
    public void Print_EveryCodeWithoutArguments_IsOneLine()
    {
        foreach (var code in Enum.GetValues<MessageCode>())
        {
            var line = MessagePrinter.Print(UserMessage.Of(code, "here", "a\nb"), "zh-CN");
            Assert.StartsWith("here：", line, StringComparison.Ordinal);
            Assert.DoesNotContain("\n", line, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void Print_ArgumentWithBraces_IsPrintedAsItIs() =>
        Assert.Contains("{0} and [x]", MessagePrinter.Print(UserMessage.Of(MessageCode.Unexpected, "here", "{0} and [x]"), "en"), StringComparison.Ordinal);

    private static Dictionary<string, string> Read(string file, CultureInfo culture)
    {
        using var set = new ResourceManager($"Headroom.Reports.Resources.{file}", typeof(Texts).Assembly).GetResourceSet(culture, createIfNotExists: true, tryParents: false);
        Assert.IsNotNull(set, $"{file} {culture}");
        return set.Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
    }

    private static string Placeholders(string text) => string.Join(' ', Placeholder().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\{\d+\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\u4e00-\u9fff][,;:!?]", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex HalfWidthAfterChinese();
}
