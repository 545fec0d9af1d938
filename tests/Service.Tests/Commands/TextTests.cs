using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Headroom.Reports.Language;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed partial class TextTests
{
    [TestMethod]
    public void CommandTexts_UsedInTheSource_ExistInBothLanguages()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Analytics.sln")))
        {
            folder = folder.Parent!;
        }

        var keys = Directory.EnumerateFiles(Path.Combine(folder.FullName, "src", "Service"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Key().Matches(File.ReadAllText(file)).Select(match => match.Groups["key"].Value))
            .Distinct()
            .ToList();

        Assert.IsGreaterThan(40, keys.Count);
        foreach (var language in Texts.Languages)
        {
            Assert.IsEmpty(keys.Where(key => Texts.For(language).Find(key) is null).ToArray(), language);
        }
    }

    [GeneratedRegex("[tT]ext\\[\\s*(\\w+ \\? )?\"(?<key>[A-Za-z.]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Key();
}
