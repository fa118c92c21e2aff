using Grid.Hosting.Http;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests.Hosting;

public sealed class ApiKeyRingTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Find_KeysOfLineAndFile_KnowsEachByItsName()
    {
        File.WriteAllText(_file, "# people\nalice: one\n\ntwo\n");
        var ring = new ApiKeyRing(["zero"], _file, _time);
        Assert.Equal(("key-1", "alice", "key-3", 3, false),
            (ring.Find("Bearer zero")?.Name, ring.Find("bearer one")?.Name, ring.Find("Bearer two")?.Name, ring.Count, ring.IsOpen));
        foreach (var wrong in new[] { "", "zero", "Bearer ", "Bearer alice: one", "Basic zero" }) Assert.Null(ring.Find(wrong));
    }

    [Fact]
    public void Find_FileChanged_TakesItsKeysWithinASecond()
    {
        File.WriteAllText(_file, "old");
        var ring = new ApiKeyRing([], _file, _time);
        Rewrite("new");
        Assert.NotNull(ring.Find("Bearer old"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((true, true), (ring.Find("Bearer old") is null, ring.Find("Bearer new") is not null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nobody\n")]
    [InlineData("name: \n")]
    public void Find_FileEmptied_KeepsItsLastKeysAndOpensNothing(string text)
    {
        File.WriteAllText(_file, "old");
        var ring = new ApiKeyRing([], _file, _time);
        Rewrite(text);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(ring.Find("Bearer old"));
        Assert.False(ring.IsOpen);
        Assert.Throws<InvalidDataException>(() => new ApiKeyRing([], _file, _time));
    }

    private void Rewrite(string text)
    {
        File.WriteAllText(_file, text);
        File.SetLastWriteTimeUtc(_file, DateTime.UnixEpoch);
    }
}
