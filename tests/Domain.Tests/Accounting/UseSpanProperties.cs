using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;

namespace Headroom.Domain.Tests.Accounting;

[TestClass]
public sealed class UseSpanProperties
{
    private static readonly Gen<UseSpan> Spans =
        from start in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(1, 600_000_000)
        from ppm in Gen.Choose(0, 1_000_000)
        select new UseSpan(start, (long)start + length, ppm);

    [TestMethod]
    public void BusyWithin_AnySplit_SumsToTheWhole() =>
        Prop.ForAll(Spans.ToArbitrary(), Gen.Choose(0, 600_000_000).ToArbitrary(), (span, cut) =>
            span.BusyWithin(span.StartMicros, span.StartMicros + cut) + span.BusyWithin(span.StartMicros + cut, span.EndMicros)
                == span.BusyWithin(span.StartMicros, span.EndMicros))
            .QuickCheckThrowOnFailure();

    [TestMethod]
    public void BusyWithin_AnyWindow_IsNeverMoreThanItsLength() =>
        Prop.ForAll(Spans.ToArbitrary(), Gen.Choose(0, 600_000_000).ToArbitrary(), Gen.Choose(0, 600_000_000).ToArbitrary(), (span, a, b) =>
        {
            var (from, until) = (span.StartMicros + Math.Min(a, b), span.StartMicros + Math.Max(a, b));
            var busy = span.BusyWithin(from, until).Value;
            return busy >= 0 && busy <= until - from;
        }).QuickCheckThrowOnFailure();
}
