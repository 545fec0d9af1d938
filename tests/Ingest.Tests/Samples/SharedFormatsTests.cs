namespace Headroom.Ingest.Tests.Samples;

/// <summary>Every file of the shared samples: what it is, and all that comes of it, beside this test under <c>Golden/formats</c>. <c>HEADROOM_ACCEPT=1</c> writes what came.</summary>
[TestClass]
public sealed class SharedFormatsTests
{
    private static readonly string Golden = Places.Repository("tests", "Ingest.Tests", "Golden", "formats");

    public required TestContext TestContext { get; set; }

    public static IEnumerable<object[]> Names => SharedFormats.Cases.Keys.Concat(Present()).Distinct().Order(StringComparer.Ordinal).Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task Ingest_SharedFile_IsTheDocumentedCardsValuesUnitsAndRejects(string name)
    {
        Assert.IsTrue(SharedFormats.Cases.TryGetValue(name, out var reading), $"{name} lies beside the samples, and no case says what it is.");
        var told = await reading(Places.Shared(name), TestContext.CancellationToken);
        var expected = Path.Combine(Golden, name + ".txt");
        if (Environment.GetEnvironmentVariable("HEADROOM_ACCEPT") == "1")
        {
            await File.WriteAllTextAsync(expected, told, TestContext.CancellationToken);
        }

        Assert.AreEqual(await File.ReadAllTextAsync(expected, TestContext.CancellationToken), told);
    }

    [TestMethod]
    public void Golden_EveryFile_IsOfACase() =>
        CollectionAssert.AreEquivalent(SharedFormats.Cases.Keys.ToArray(), Directory.GetFiles(Golden).Select(Path.GetFileNameWithoutExtension).ToArray());

    private static IEnumerable<string> Present() => Places.SharedFolder() is { } folder ? Directory.GetFiles(folder).Select(file => Path.GetFileName(file)) : [];
}
