using System.Globalization;
using System.Text;

namespace Headroom.Ingest.Tests.Faults;

[TestClass]
public sealed class FaultCorpusTests
{
    private static readonly string Folder = Places.Repository("tests", "Ingest.Tests", "Faults", "cases");

    public required TestContext TestContext { get; set; }

    public static IEnumerable<object[]> Names => FaultCases.All.Select(fault => new object[] { fault.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task Ingest_Fault_HasItsDocumentedResult(string name)
    {
        var expected = Path.Combine(Folder, name, "expected.txt");
        var told = await new FaultRun(TestContext.CancellationToken).RunAsync(Path.Combine(Folder, name));
        if (Environment.GetEnvironmentVariable("HEADROOM_ACCEPT") == "1")
        {
            await File.WriteAllTextAsync(expected, told, TestContext.CancellationToken);
        }

        Assert.AreEqual(await File.ReadAllTextAsync(expected, TestContext.CancellationToken), told);
    }

    [TestMethod]
    public void Corpus_EveryFolder_IsANamedFault() =>
        CollectionAssert.AreEquivalent(Directory.GetDirectories(Folder).Select(Path.GetFileName).ToArray(), FaultCases.All.Select(fault => fault.Name).ToArray());

    [TestMethod]
    public void Documentation_ListsEveryFaultWithItsCounts()
    {
        var table = new StringBuilder("# Faults of feeds and what becomes of them\n\nEvery fault is a folder under `tests/Ingest.Tests/Faults/cases` with its input and all that came of it; a test holds this table to them.\n\n")
            .Append(CultureInfo.InvariantCulture, $"{FaultCases.All.Count} faults. The counts are received / accepted of each input.\n\n| fault | in the input | what we do | counts |\n|---|---|---|---|\n");
        foreach (var fault in FaultCases.All)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {fault.Name} | {fault.Fault.Replace("|", "\\|", StringComparison.Ordinal)} | {fault.Result} | {Counts(fault.Name)} |\n");
        }

        var path = Places.Repository("docs", "faults.md");
        if (Environment.GetEnvironmentVariable("HEADROOM_ACCEPT") == "1")
        {
            File.WriteAllText(path, table.ToString());
        }

        Assert.AreEqual(File.ReadAllText(path), table.ToString());
    }

    private static string Counts(string name)
    {
        var counts = new List<string>();
        foreach (var line in File.ReadAllLines(Path.Combine(Folder, name, "expected.txt")).Where(line => char.IsAsciiDigit(line[0])))
        {
            var words = line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            counts.Add(words[2] == "received" ? $"{words[3]} / {words[5]}" : $"`{words[2]}`");
        }

        return string.Join("; ", counts);
    }
}
