using Headroom.Service.Commands;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed class CommandLineTests
{
    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (await CommandLine.RunAsync(arguments, output, errors, TimeProvider.System), output.ToString(), errors.ToString());
    }

    [TestMethod]
    public async Task Run_Version_PrintsOneLine() => Assert.MatchesRegex(@"^headroom \d+\.\d+\.\d+\r?\n$", (await RunAsync("--version")).Output);

    [TestMethod]
    [DataRow("en", "Capacity, demand and saturation", DisplayName = "English")]
    [DataRow("zh-CN", "容量、需求与饱和", DisplayName = "Chinese")]
    public async Task Run_Help_IsInTheLanguageAskedFor(string language, string expected) =>
        Assert.Contains(expected, (await RunAsync("--help", "--lang", language)).Output, StringComparison.Ordinal);

    [TestMethod]
    [DataRow("fali", DisplayName = "unknown command")]
    [DataRow("report daily --out .", DisplayName = "required option missing")]
    [DataRow("demo --seed x", DisplayName = "unknown option")]
    public async Task Run_UsageError_EndsWithTwoAndNothingOnStdout(string line)
    {
        var (code, output, errors) = await RunAsync([.. line.Split(' '), "--lang", "en"]);

        Assert.AreEqual(2, code);
        Assert.AreEqual("", output);
        Assert.Contains("--help", errors, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("--lang zh-CN x", "zh-CN", DisplayName = "separate")]
    [DataRow("x --lang=zh-CN", "zh-CN", DisplayName = "joined")]
    [DataRow("x --lang en", "en", DisplayName = "English")]
    public void LanguageChoice_AskedFor_IsTaken(string line, string expected) => Assert.AreEqual(expected, LanguageChoice.Of(line.Split(' ')));
}
