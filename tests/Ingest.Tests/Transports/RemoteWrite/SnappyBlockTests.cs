using Headroom.Ingest.Transports.RemoteWrite;
using IronSnappy;

namespace Headroom.Ingest.Tests.Transports.RemoteWrite;

/// <summary>Against the packer of a library, and by hand for what no packer writes.</summary>
[TestClass]
public sealed class SnappyBlockTests
{
    [TestMethod]
    public void TryUnpack_WhatALibraryPacked_IsTheContent()
    {
        var random = new Random(7);
        for (var run = 0; run < 2_000; run++)
        {
            var content = new byte[random.Next(3_000)];
            for (var at = 0; at < content.Length; at++)
            {
                // Runs, repetitions near and far, and noise.
                content[at] = random.Next(4) > 0 && at > 70 ? content[at - (run % 70) - 1] : (byte)random.Next(run % 7 == 0 ? 256 : 4);
            }

            var packed = Snappy.Encode(content);
            var preamble = content.Length < 128 ? 1 : 2;
            var unpacked = new byte[content.Length];
            Assert.IsTrue(SnappyBlock.TryUnpack(packed.AsSpan(preamble), unpacked), $"run {run}");
            CollectionAssert.AreEqual(content, unpacked, $"run {run}");
            Assert.IsFalse(content.Length > 0 && SnappyBlock.TryUnpack(packed.AsSpan(preamble), new byte[content.Length + 1]), "another length");
        }
    }

    [TestMethod]
    [DataRow(new byte[] { 0x08, 1, 2, 3 }, new byte[] { 1, 2, 3 }, DisplayName = "a literal")]
    [DataRow(new byte[] { 0xF0, 2, 1, 2, 3 }, new byte[] { 1, 2, 3 }, DisplayName = "its length in a byte")]
    [DataRow(new byte[] { 0xFC, 2, 0, 0, 0, 1, 2, 3 }, new byte[] { 1, 2, 3 }, DisplayName = "its length in four bytes")]
    [DataRow(new byte[] { 0x00, 7, 0x01, 1 }, new byte[] { 7, 7, 7, 7, 7 }, DisplayName = "a copy that overlaps itself, one byte of offset")]
    [DataRow(new byte[] { 0x04, 1, 2, 0x06, 2, 0 }, new byte[] { 1, 2, 1, 2 }, DisplayName = "two bytes of offset")]
    [DataRow(new byte[] { 0x04, 1, 2, 0x07, 2, 0, 0, 0 }, new byte[] { 1, 2, 1, 2 }, DisplayName = "four bytes of offset")]
    public void TryUnpack_EveryElement_IsRead(byte[] elements, byte[] content)
    {
        var unpacked = new byte[content.Length];
        Assert.IsTrue(SnappyBlock.TryUnpack(elements, unpacked));
        CollectionAssert.AreEqual(content, unpacked);
    }

    [TestMethod]
    [DataRow(new byte[] { 0x08, 1, 2 }, 3, DisplayName = "a literal cut short")]
    [DataRow(new byte[] { 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 1 }, 3, DisplayName = "a literal of four gigabytes")]
    [DataRow(new byte[] { 0x01, 1 }, 4, DisplayName = "a copy of nothing")]
    [DataRow(new byte[] { 0x00, 7, 0x01, 0 }, 5, DisplayName = "offset zero")]
    [DataRow(new byte[] { 0x00, 7, 0x01, 2 }, 5, DisplayName = "from before the beginning")]
    [DataRow(new byte[] { 0x00, 7, 0x03, 0xFF, 0xFF, 0xFF, 0xFF }, 2, DisplayName = "an offset beyond an int")]
    [DataRow(new byte[] { 0x00, 7, 0x05, 1 }, 3, DisplayName = "more than was declared")]
    [DataRow(new byte[] { 0x00, 7 }, 2, DisplayName = "less than was declared")]
    [DataRow(new byte[] { 0x00, 7, 0x06, 1 }, 2, DisplayName = "an offset cut short")]
    public void TryUnpack_Damaged_IsRefused(byte[] elements, int declared) => Assert.IsFalse(SnappyBlock.TryUnpack(elements, new byte[declared]));
}
