using Grid.Engine.Loading;
using Grid.Engine.Tests.Weights;

namespace Grid.Engine.Tests.Loading;

public sealed class ModelLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_AFolderWithAConfig_IsTheFolder()
    {
        _folder.Write("config.json", "{}");
        Assert.Equal(_folder.Path, Find(_folder.Path));
    }

    [Fact]
    public void Find_AFolderWithOneGgufFile_IsTheFile()
    {
        var file = _folder.Write("model.gguf", "");
        Assert.Equal(file, Find(_folder.Path));
        Assert.Equal(file, Find(file));
        _folder.Write("other.gguf", "");
        Assert.Contains("2 GGUF files", Assert.Throws<ModelLoadException>(() => Find(_folder.Path)).Message);
    }

    [Fact]
    public void Find_AHubId_FollowsTheReferenceToTheSnapshot()
    {
        _folder.Write("models--owner--name/refs/main", "abc\n");
        var snapshot = Path.GetDirectoryName(_folder.Write("models--owner--name/snapshots/abc/config.json", "{}"))!;
        Assert.Equal(snapshot, Find("owner/name"));
        Assert.Equal(snapshot, Find("owner/name", "abc"));
        var error = Assert.Throws<ModelLoadException>(() => Find("owner/name", "v2"));
        Assert.Equal(ModelLoadFault.NotFound, error.Kind);
        Assert.Contains("revision v2", error.Message);
    }

    [Theory]
    [InlineData("no/such-model", "`grid pull no/such-model` fetches it")]
    [InlineData("no/such/model", "neither a folder nor a GGUF file")]
    public void Find_WhatIsNowhere_IsNotFound(string model, string said)
    {
        var error = Assert.Throws<ModelLoadException>(() => Find(model));
        Assert.Equal(ModelLoadFault.NotFound, error.Kind);
        Assert.Contains(said, error.Message);
    }

    [Fact]
    public void Find_AFileOfAnotherKind_IsRefused() =>
        Assert.Contains("must end in .gguf", Assert.Throws<ModelLoadException>(() => Find(_folder.Write("model.safetensors", ""))).Message);

    private string Find(string model, string? revision = null) => ModelLocator.Find(model, revision, new HubCache(_folder.Path));
}
