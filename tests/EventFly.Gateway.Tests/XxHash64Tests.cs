using System.IO.Hashing;
using System.Text;

namespace EventFly.Gateway.Tests;

public sealed class XxHash64Tests
{
    // Published beside the xxHash specification and by its Python binding.
    [Theory]
    [InlineData("", 0L, "EF46DB3751D8E999")]
    [InlineData("a", 0L, "D24EC4F1A98C6E5B")]
    [InlineData("abc", 0L, "44BC2CF5AD770999")]
    [InlineData("xxhash", 0L, "32DD38952C4BC720")]
    [InlineData("xxhash", 20141025L, "B559B98D844E0635")]
    [InlineData("Nobody inspects the spammish repetition", 0L, "FBCEA83C8A378BF1")]
    public void The_stand_in_gives_the_published_hashes(string text, long seed, string expected)
    {
        Assert.Equal(expected, Convert.ToHexString(XxHash64.Hash(Encoding.ASCII.GetBytes(text), seed)));
    }
}
