using Grid.Cli.Pull;

namespace Grid.Cli.Tests.Pull;

public sealed class HubSettingsTests
{
    [Fact]
    public void Read_Variables_AreTheHubs()
    {
        var settings =
            Read(("HF_ENDPOINT", "http://mirror:8080/hub/"), ("HF_TOKEN", "t"), ("HF_HOME", "/home/hf"), ("HF_HUB_OFFLINE", "1"));

        Assert.Equal(new HubSettings(new Uri("http://mirror:8080/hub/"), "t", "/home/hf/hub", true), settings);
    }

    [Fact]
    public void Read_Cache_IsNamedDirectly() =>
        Assert.Equal("/cache", Read(("HF_HOME", "/home/hf"), ("HF_HUB_CACHE", "/cache")).CacheFolder);

    [Fact]
    public void Read_NoHome_IsBelowTheCacheFolder() => Assert.Equal("/x/huggingface/hub", Read(("XDG_CACHE_HOME", "/x")).CacheFolder);

    private static HubSettings Read(params (string Name, string Value)[] variables) =>
        HubSettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
