using Headroom.Analytics.Queueing;

namespace Headroom.Analytics.Tests.Queueing;

[TestClass]
public sealed class CapacityPathTests
{
    [TestMethod]
    [DataRow(-1L, 0, DisplayName = "before the first step")]
    [DataRow(0L, 3, DisplayName = "at a step")]
    [DataRow(9L, 3, DisplayName = "just before the next")]
    [DataRow(10L, 1, DisplayName = "at the next")]
    [DataRow(99L, 1, DisplayName = "after the last")]
    public void DevicesAt_Instant_IsTheStepThatHolds(long micros, int devices) =>
        Assert.AreEqual(devices, new CapacityPath(new(0, 3), new(10, 1)).DevicesAt(micros));

    [TestMethod]
    public void New_NoSteps_Throws() => Assert.ThrowsExactly<ArgumentException>(() => new CapacityPath());

    [TestMethod]
    public void New_InstantsThatDoNotRise_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => new CapacityPath(new(5, 1), new(5, 2)));

    [TestMethod]
    public void New_NegativeCount_Throws() => Assert.ThrowsExactly<ArgumentException>(() => CapacityPath.Constant(-1));
}
