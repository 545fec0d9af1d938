using FsCheck;
using FsCheck.Fluent;
using Headroom.Reports.Sections.Heatmap;

namespace Headroom.Reports.Tests.Sections;

[TestClass]
public sealed class NaturalOrderTests
{
    private static readonly Gen<string> Names = Gen.Elements('a', 'b', '-', '0', '1', '9').ArrayOf().Select(letters => new string(letters));

    [TestMethod]
    public void Compare_NumbersInNames_AreNumbers()
    {
        string[] names = ["node-10", "node-9", "node-09", "node", "10", "9"];
        CollectionAssert.AreEqual((string[])["9", "10", "node", "node-09", "node-9", "node-10"], names.Order(NaturalOrder.Instance).ToArray());
    }

    [TestMethod]
    public void Compare_AnyNames_IsATotalOrder() =>
        Prop.ForAll(
            Names.Three().ToArbitrary(),
            names =>
            {
                var (a, b, c) = names;
                var order = NaturalOrder.Instance;
                var symmetric = Math.Sign(order.Compare(a, b)) == -Math.Sign(order.Compare(b, a));
                var transitive = order.Compare(a, b) > 0 || order.Compare(b, c) > 0 || order.Compare(a, c) <= 0;
                return symmetric && transitive && (order.Compare(a, b) == 0) == (a == b);
            })
            .QuickCheckThrowOnFailure();
}
