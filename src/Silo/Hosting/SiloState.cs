using Grid.Engine.Loading;
using Grid.Silo.OpenAI.Errors;

namespace Grid.Silo.Hosting;

/// <summary>What all endpoints of a silo share: its options, the model once it is loaded, and the requests in flight.</summary>
internal sealed class SiloState(SiloOptions options, TimeProvider timeProvider) : IDisposable
{
    private volatile ServedModel? _model;

    public SiloOptions Options { get; } = options;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public RunningRequests Running { get; } = new();

    /// <summary>The rank that answers: <c>X-Grid-Rank</c>.</summary>
    public string Rank { get; } = $"{options.ModelNames[0]}/r0/dp0";

    /// <summary>When the model was there, in seconds since 1970.</summary>
    public long Created { get; private set; }

    /// <summary>The model, or null while it loads.</summary>
    public ServedModel? Model => _model;

    public void Serve(ServedModel model)
    {
        Created = TimeProvider.GetUtcNow().ToUnixTimeSeconds();
        _model = model;
    }

    /// <summary>The model of a name.</summary>
    /// <exception cref="ApiException">There is none (404), or it is still loading (503).</exception>
    public ServedModel Require(string name)
    {
        if (!Options.ModelNames.Contains(name))
            throw new ApiException(StatusCodes.Status404NotFound, $"The model '{Shorten(name)}' does not exist. Served here: {string.Join(", ", Options.ModelNames)}.", "model", "model_not_found");
        return _model ?? throw new ApiException(StatusCodes.Status503ServiceUnavailable, $"The model '{name}' is still loading.", code: "no_ready_replica");
    }

    public void Dispose() => Running.Dispose();

    private static string Shorten(string name) => name.Length <= 128 ? name : name[..128] + "...";
}
