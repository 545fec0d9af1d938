using System.Globalization;
using System.Text;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Tests.Telemetry;

[TestClass]
public sealed class PrometheusLineTests
{
    // Shapes after the Prometheus text format 0.0.4 and OpenMetrics 1.0 specifications.
    [TestMethod]
    [DataRow("a 1", "a l= v=1 t=", DisplayName = "bare")]
    [DataRow("a{l=\"x\"} 1", "a l=x v=1 t=", DisplayName = "label")]
    [DataRow("  a { l = \"x\" , } \t 1  1395066363000 ", "a l=x v=1 t=1395066363000", DisplayName = "blanks anywhere, comma at the end, time stamp")]
    [DataRow("a{l=\"C:\\\\D \\\"q\\\" \\n.\"} 1", "a l=C:\\D \"q\" \n. v=1 t=", DisplayName = "escapes")]
    [DataRow("a{l=\"中\"} 1", "a l=中 v=1 t=", DisplayName = "UTF-8")]
    [DataRow("a{l=\"}{,=\"} 1", "a l=}{,= v=1 t=", DisplayName = "braces in a value")]
    [DataRow("a{l=\"\"} 1", "a l= v=1 t=", DisplayName = "an empty label is no label")]
    [DataRow("{\"my.metric\",\"l\"=\"x\"} 1", "my.metric l=x v=1 t=", DisplayName = "quoted name")]
    [DataRow("a NaN", "a l= v=NaN t=", DisplayName = "NaN")]
    [DataRow("a +Inf", "a l= v=Infinity t=", DisplayName = "+Inf")]
    [DataRow("a -Inf", "a l= v=-Infinity t=", DisplayName = "-Inf")]
    [DataRow("a 0x1.8p3", "a l= v=12 t=", DisplayName = "hex")]
    [DataRow("a -0x10p-1", "a l= v=-8 t=", DisplayName = "negative hex")]
    [DataRow("a 1e3", "a l= v=1000 t=", DisplayName = "exponent")]
    [DataRow("a .5", "a l= v=0.5 t=", DisplayName = "no digit before the point")]
    [DataRow("a 5.", "a l= v=5 t=", DisplayName = "no digit behind the point")]
    [DataRow("a 1 1520879607.789", "a l= v=1 t=1520879607.789", DisplayName = "seconds of OpenMetrics")]
    [DataRow("a_total 17 # {trace_id=\"x\"} 0.6", "a_total l= v=17 t=", DisplayName = "exemplar")]
    [DataRow("a 1 5 # {} 0.6 7", "a l= v=1 t=5", DisplayName = "time stamp and exemplar")]
    public void Read_Sample_HasNameLabelValueAndTime(string text, string expected)
    {
        var line = new PrometheusLine(Encoding.UTF8.GetBytes(text), new LabelPlace[8]);
        Assert.AreEqual(PrometheusLineKind.Sample, line.Read());
        Assert.AreEqual(expected, string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(line.Name)} l={line.Label("l"u8)} v={line.Value} t={line.Timestamp}"));
    }

    [TestMethod]
    [DataRow("a", DisplayName = "no value")]
    [DataRow("a ", DisplayName = "no value behind a blank")]
    [DataRow("a{l=\"x\"}", DisplayName = "labels and no value")]
    [DataRow("a{l=\"x\" 1", DisplayName = "brace not closed")]
    [DataRow("a{l=\"x} 1", DisplayName = "quote not closed")]
    [DataRow("a{l=\"a\"b\"} 1", DisplayName = "quote not escaped")]
    [DataRow("a{l=x} 1", DisplayName = "value not quoted")]
    [DataRow("a{l} 1", DisplayName = "label without value")]
    [DataRow("a{1l=\"x\"} 1", DisplayName = "label begins with a digit")]
    [DataRow("1a 1", DisplayName = "name begins with a digit")]
    [DataRow("a 1,5", DisplayName = "comma in a number")]
    [DataRow("a 0x1", DisplayName = "hex without exponent")]
    [DataRow("a 0x1p-2147483648", DisplayName = "hex with the least exponent there is")]
    [DataRow("a one", DisplayName = "word")]
    [DataRow("a 1 x", DisplayName = "time is a word")]
    [DataRow("a 1 2 3", DisplayName = "three numbers")]
    [DataRow("{l=\"x\"} 1", DisplayName = "no name")]
    [DataRow("a{l=\"x\\", DisplayName = "ends in an escape")]
    [DataRow("<html>", DisplayName = "HTML")]
    public void Read_NotASample_IsBroken(string text) =>
        Assert.AreEqual(PrometheusLineKind.Broken, new PrometheusLine(Encoding.UTF8.GetBytes(text), new LabelPlace[8]).Read());

    [TestMethod]
    [DataRow("", PrometheusLineKind.Blank)]
    [DataRow(" \t", PrometheusLineKind.Blank)]
    [DataRow("# HELP a b", PrometheusLineKind.Comment)]
    [DataRow("#", PrometheusLineKind.Comment)]
    [DataRow("# EOF", PrometheusLineKind.EndOfPage)]
    public void Read_NoSample_SaysWhat(string text, object kind) =>
        Assert.AreEqual(kind, new PrometheusLine(Encoding.UTF8.GetBytes(text), new LabelPlace[8]).Read());

    [TestMethod]
    public void Read_AnyBytes_NeverThrows()
    {
        var random = new Random(5);
        var alphabet = Encoding.UTF8.GetBytes("ab{}\"\\=, 10.xpNe+-#\t_:");
        for (var run = 0; run < 50_000; run++)
        {
            var bytes = new byte[random.Next(40)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(10) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            var line = new PrometheusLine(bytes, new LabelPlace[4]);
            if (line.Read() == PrometheusLineKind.Sample)
            {
                Assert.IsFalse(line.Name.IsEmpty);
                line.Label("a"u8);
            }
        }
    }
}
