using Grid.Engine.Configuration;
using Grid.Engine.Serving;
using Grid.Primitives.Options;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Loading;

/// <summary>Loads a model before people's eyes; they may end it.</summary>
internal static class ModelLoading
{
    /// <summary>Loads a model.</summary>
    /// <param name="options">The options of the engine, which name the model.</param>
    /// <param name="name">The name that requests use for the model.</param>
    /// <param name="error">The writer of the bar: stderr.</param>
    /// <param name="logger">The log of lines.</param>
    /// <param name="cancellation">Ends the load between two tensors: a process that ended amid one would crash in native code.</param>
    /// <exception cref="ModelLoadException">The model cannot be loaded.</exception>
    public static async Task<ServedModel> LoadAsync(EngineOptions options, string name, TextWriter error, ILogger logger,
        CancellationToken cancellation)
    {
        using var display = new LoadingDisplay(error, logger);
        var progress = new CancellableProgress(display, cancellation);
        return await Task.Run(() => ModelLoader.LoadAsync(options, name, progress, logger), cancellation);
    }

    private sealed class CancellableProgress(IProgress<LoadProgress> inner, CancellationToken cancellation) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            cancellation.ThrowIfCancellationRequested();
            inner.Report(value);
        }
    }
}
