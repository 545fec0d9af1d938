using Headroom.Domain.Devices;

namespace Headroom.Domain.Tests.Devices;

[TestClass]
public sealed class CardCatalogTests
{
    private static CardModel Model(string name, long tflops, params string[] aliases) =>
        new("Vendor", name, [.. aliases], DeviceKind.Card, tflops * 1_000_000, null, null, null, 1, "sheet", new(2026, 1, 1), true);

    [TestMethod]
    [DataRow("Ascend 910B3", DisplayName = "canonical")]
    [DataRow("ascend-910b3", DisplayName = "case and dash")]
    [DataRow("Huawei Ascend 910B3", DisplayName = "with the vendor")]
    public void Find_AnySpelling_FindsTheModel(string spelling) =>
        Assert.AreEqual("Ascend 910B3", new CardCatalog([Model("Ascend 910B3", 313)]).Find(spelling)?.Name);

    [TestMethod]
    public void Find_UnknownModel_IsNull() => Assert.IsNull(new CardCatalog([]).Find("X1"));

    [TestMethod]
    public void Constructor_DenseAndSparseRatingOfOneModel_NamesTheConflict()
    {
        var conflict = Assert.ThrowsExactly<ConflictingRatingException>(() => new CardCatalog([Model("A", 320), Model("B", 640, "A")]));

        Assert.AreEqual("A", conflict.ModelName);
        Assert.Contains("320000000", conflict.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Petaflops_OfCards_AddExactly() =>
        Assert.AreEqual(102.4, Petaflops<Fp16>.FromMflops((Int128)400 * 256_000_000).Value);
}
