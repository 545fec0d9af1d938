using System.Xml.Linq;

namespace Headroom.Architecture.Tests;

/// <summary>Arrows point inwards. The allowed ones are written here and nowhere else.</summary>
[TestClass]
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Domain"] = [],
        ["Analytics"] = ["Domain"],
        ["Simulation"] = ["Domain", "Analytics"],
        ["Storage"] = ["Domain"],
        ["Ingest"] = ["Domain", "Storage"],
        ["Reports"] = ["Domain", "Analytics"],
        ["Service"] = ["Domain", "Analytics", "Simulation", "Storage", "Ingest", "Reports"],
    };

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Analytics.sln")))
            {
                folder = folder.Parent ?? throw new DirectoryNotFoundException("Analytics.sln is above no test folder.");
            }

            return folder.FullName;
        }
    }

    private static IEnumerable<string> Sources(string project) =>
        Directory.EnumerateFiles(Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj", "node_modules"]).Any());

    [TestMethod]
    public void ProjectReferences_OfEverySourceProject_AreTheAllowedOnes()
    {
        var projects = Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(Path.GetFileName).Order().ToArray();
        CollectionAssert.AreEqual(Allowed.Keys.Order().ToArray(), projects);
        foreach (var project in projects)
        {
            var references = XDocument.Load(Path.Combine(Root, "src", project!, $"{project}.csproj"))
                .Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
                .Order();
            CollectionAssert.AreEqual(Allowed[project!].Order().ToArray(), references.ToArray(), project);
        }
    }

    [TestMethod]
    [DataRow("Domain")]
    [DataRow("Analytics")]
    [DataRow("Simulation")]
    [DataRow("Reports")]
    public void PureProjects_TouchNoDatabaseAndNoNetwork(string project)
    {
        string[] banned = ["System.Net.Http", "Microsoft.Data.Sqlite", "Dapper", "File.Open", "File.Read", "File.Write", "HttpClient"];
        foreach (var file in Sources(project).Where(file => !(project == "Simulation" && file.Contains("Files", StringComparison.Ordinal))))
        {
            var text = File.ReadAllText(file);
            foreach (var word in banned)
            {
                Assert.DoesNotContain(word, text, StringComparison.Ordinal, file);
            }
        }
    }

    [TestMethod]
    public void Sql_LivesInStorageOnly()
    {
        foreach (var project in Allowed.Keys.Where(name => name != "Storage"))
        {
            foreach (var file in Sources(project))
            {
                Assert.DoesNotContain("INSERT INTO", File.ReadAllText(file), StringComparison.Ordinal, file);
            }
        }
    }

    [TestMethod]
    public void NoFolder_IsNamedLikeAType()
    {
        var types = Allowed.Keys.SelectMany(Sources).Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        var folders = Allowed.Keys.SelectMany(Sources).Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Distinct();

        var both = folders.Where(types.Contains).ToArray();
        Assert.IsEmpty(both, string.Join(", ", both));
    }

    [TestMethod]
    public void Repository_NamesNoPackageHost()
    {
        string[] endings = [".csproj", ".props", ".targets", ".json", ".npmrc", ".sh", ".yaml"];
        // Spelled in halves, so that this file does not name one either.
        string[] hosts = ["nuget." + "org", "registry." + "npmjs", "deb." + "debian.org"];
        var files = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj", "node_modules", "artifacts", ".git"]).Any());
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            Assert.IsEmpty(hosts.Where(host => text.Contains(host, StringComparison.OrdinalIgnoreCase)).ToArray(), file);
        }
    }
}
