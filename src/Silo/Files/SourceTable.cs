using Grid.Abstractions.Nodes;

namespace Grid.Silo.Files;

/// <summary>The sources that the grid asked for, and what was found there at the last look. One look at a time.</summary>
/// <param name="device">The kind of device that models are loaded on here.</param>
internal sealed class SourceTable(DeviceKind device) : IDisposable
{
    private readonly ModelInspector _inspector = new(device);
    private readonly SemaphoreSlim _looking = new(1);
    private volatile ModelFiles[] _found = [];

    /// <summary>By source.</summary>
    public ModelFiles[] Found => _found;

    /// <summary>Looks at all sources and forgets others.</summary>
    /// <returns>Whether anything differs from the last look; false too where a look is under way.</returns>
    public async Task<bool> LookAsync(IEnumerable<string> sources)
    {
        if (!await _looking.WaitAsync(TimeSpan.Zero)) return false;
        try
        {
            // Digests of large files take seconds.
            ModelFiles[] found =
                await Task.Run(() => sources.Distinct().Order(StringComparer.Ordinal).Select(_inspector.Inspect).ToArray());
            var differs = !found.SequenceEqual(_found);
            _found = found;
            return differs;
        }
        finally
        {
            _looking.Release();
        }
    }

    public void Dispose() => _looking.Dispose();
}
