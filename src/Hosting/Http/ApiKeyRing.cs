using System.Security.Cryptography;
using System.Text;

namespace Grid.Hosting.Http;

/// <summary>
/// The API keys that clients may send: those of the command line, and those of a file that is read again when it changes. Keys are
/// compared in constant time, by their hashes. Thread-safe.
/// </summary>
public sealed class ApiKeyRing
{
    private const string Scheme = "Bearer ";

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ApiKey[] _given;
    private readonly string? _file;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger? _logger;
    private readonly Lock _gate = new();
    private volatile ApiKey[] _keys;
    private DateTime _writtenAt;
    private long _lookedAt;

    /// <summary>Reads the file, where there is one.</summary>
    /// <param name="keys">Keys that are always accepted.</param>
    /// <param name="file">A file with a key on each line, or <c>name: key</c>; null for none.</param>
    /// <param name="timeProvider">The clock of looks at the file; null for the system's.</param>
    /// <param name="logger">The log of files that cannot be read again; null for none.</param>
    /// <exception cref="InvalidDataException">The file has no key.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ApiKeyRing(IReadOnlyList<string> keys, string? file = null, TimeProvider? timeProvider = null, ILogger? logger = null)
    {
        (_file, _timeProvider, _logger) = (file, timeProvider ?? TimeProvider.System, logger);
        _given = [.. keys.Select((key, index) => new ApiKey($"key-{index + 1}", Hash(key)))];
        _keys = file is null ? _given : [.. _given, .. Read(file)];
        _lookedAt = _timeProvider.GetTimestamp();
    }

    /// <summary>Whether anyone may ask: no key is configured.</summary>
    public bool IsOpen => _keys.Length == 0;

    /// <summary>The number of keys.</summary>
    public int Count => _keys.Length;

    /// <summary>The key that an Authorization header carries; null where it is none of these.</summary>
    public ApiKey? Find(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        Look();
        var given = Hash(authorization[Scheme.Length..].Trim());
        ApiKey? found = null;
        foreach (var key in _keys)
            if (CryptographicOperations.FixedTimeEquals(key.Hash, given)) found = key;
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private void Look()
    {
        if (_file is null) return;
        lock (_gate)
        {
            if (_timeProvider.GetElapsedTime(_lookedAt) < LookInterval) return;
            _lookedAt = _timeProvider.GetTimestamp();
            try
            {
                if (File.GetLastWriteTimeUtc(_file) != _writtenAt) _keys = [.. _given, .. Read(_file)];
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // A file that is being written, or was emptied by mistake, opens nothing.
                _logger?.ApiKeyFileUnreadable(_file, fault.Message);
            }
        }
    }

    private List<ApiKey> Read(string file)
    {
        var writtenAt = File.GetLastWriteTimeUtc(file);
        var keys = new List<ApiKey>();
        foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            // What is trimmed may have ended in a name without its key.
            if (line[^1] == ':') continue;
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var key = line[(colon < 0 ? 0 : colon + 2)..].Trim();
            if (key.Length > 0) keys.Add(new ApiKey(colon < 0 ? $"key-{_given.Length + keys.Count + 1}" : line[..colon], Hash(key)));
        }

        if (keys.Count == 0) throw new InvalidDataException($"The API key file {file} must hold at least one key; got none.");
        _writtenAt = writtenAt;
        return keys;
    }
}

/// <summary>One API key, of which only the hash is kept.</summary>
/// <param name="Name">The name for logs.</param>
/// <param name="Hash">The SHA-256 hash of the key.</param>
public sealed record ApiKey(string Name, byte[] Hash)
{
    /// <summary>Text that stands for the key where requests of one key belong together; it does not tell the key.</summary>
    public string Identity { get; } = Convert.ToHexStringLower(SHA256.HashData([.. "grid identity"u8, .. Hash])[..16]);
}
