namespace Headroom.Reports.Tests;

/// <summary>Expected texts beside the tests. <c>HEADROOM_ACCEPT=1</c> writes what came instead of comparing.</summary>
internal static class GoldenFile
{
    public static void Matches(string name, string actual)
    {
        var path = Path.Combine(Folder(), name);
        actual = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("HEADROOM_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.IsTrue(File.Exists(path), $"There is no golden file {name}; HEADROOM_ACCEPT=1 writes it.");
        Assert.AreEqual(File.ReadAllText(path).ReplaceLineEndings("\n"), actual, $"{name} differs; HEADROOM_ACCEPT=1 accepts what came.");
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var golden = Path.Combine(folder.FullName, "tests", "Reports.Tests", "Golden");
            if (Directory.Exists(golden))
            {
                return golden;
            }
        }

        throw new DirectoryNotFoundException("There is no tests/Reports.Tests/Golden above the test binaries.");
    }
}
