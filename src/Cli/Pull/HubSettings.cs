namespace Grid.Cli.Pull;

/// <summary>Where the hub is and where its files are kept, by the hub's own variables.</summary>
/// <param name="Endpoint"><c>HF_ENDPOINT</c>, without a slash at the end.</param>
/// <param name="Token"><c>HF_TOKEN</c>, else the file <c>token</c> of the home; null if there is neither.</param>
/// <param name="CacheFolder"><c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>.</param>
/// <param name="Offline"><c>HF_HUB_OFFLINE</c>: nothing is asked over the network.</param>
internal sealed record HubSettings(Uri Endpoint, string? Token, string CacheFolder, bool Offline)
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>Reads the variables.</summary>
    public static HubSettings Read(Func<string, string?> variable)
    {
        var home = Given("HF_HOME") ?? Path.Combine(Given("XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache"), "huggingface");
        var tokenFile = Path.Combine(home, "token");
        return new HubSettings(
            new Uri((Given("HF_ENDPOINT") ?? DefaultEndpoint).TrimEnd('/') + "/"),
            Given("HF_TOKEN") ?? (File.Exists(tokenFile) ? File.ReadAllText(tokenFile).Trim() : null),
            Given("HF_HUB_CACHE") ?? Path.Combine(home, "hub"),
            Given("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE");

        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    private static string UserFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
}
