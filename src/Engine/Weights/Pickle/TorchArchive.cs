using System.IO.Compression;
using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Pickle;

/// <summary>
/// The zip archive that torch.save writes: entries are stored as they are, so they can be used where the mapping has them.
/// </summary>
internal sealed unsafe class TorchArchive : IDisposable
{
    private const string PickleName = "data.pkl";
    private const int MaxPickleLength = 1 << 28;

    private readonly MappedFile _file;
    private readonly Dictionary<string, (long Offset, long Length)> _entries = new(StringComparer.Ordinal);
    private readonly string _root;

    /// <exception cref="ModelLoadException">The file is missing, or no archive of torch.save.</exception>
    public TorchArchive(string path)
    {
        _file = new MappedFile(path);
        try
        {
            RefuseLegacyFormat();
            ReadEntries();
            _root = _entries.Keys.FirstOrDefault(name => name.EndsWith($"/{PickleName}", StringComparison.Ordinal))?[..^PickleName.Length]
                ?? throw Broken($"the archive has no {PickleName}");
            if (_entries.TryGetValue($"{_root}byteorder", out var order)
                && !_file.Span(order.Offset, (int)Math.Min(order.Length, 16)).SequenceEqual("little"u8))
                throw Broken("only little-endian archives are supported");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public ReadOnlySpan<byte> Pickle
    {
        get
        {
            var (offset, length) = _entries[_root + PickleName];
            return length <= MaxPickleLength
                ? _file.Span(offset, (int)length)
                : throw Broken($"{PickleName} must take at most {MaxPickleLength} bytes; got {length}");
        }
    }

    /// <summary>The bytes of a storage, which are all there.</summary>
    public byte* Storage(TorchStorage storage)
    {
        if (!_entries.TryGetValue($"{_root}data/{storage.Key}", out var entry))
            throw Broken($"the archive has no storage data/{storage.Key}");
        var needed = (UInt128)storage.Count * (ulong)TorchStorage.ElementSizes[storage.TypeName];
        if (needed > (ulong)entry.Length)
            throw Broken(
                $"storage data/{storage.Key} of {storage.Count} elements ({storage.TypeName}) must have {needed} bytes; got "
                + $"{entry.Length}");
        return _file.Slice(entry.Offset, entry.Length);
    }

    public ModelLoadException Broken(string what, Exception? inner = null) => new($"{_file.Path}: {what}.", ModelLoadFault.Broken, inner);

    public void Dispose() => _file.Dispose();

    private void RefuseLegacyFormat()
    {
        const byte pickleProtocol = 0x80;
        if (_file.Length == 0 || _file.Span(0, 1)[0] != pickleProtocol) return;
        try
        {
            Unpickler.Read(_file.Span(0, (int)Math.Min(_file.Length, 1 << 20)));
        }
        catch (PickleException e)
        {
            throw Broken($"a pickle outside a zip archive is not supported; {e.Message}", e);
        }
        throw Broken(
            "the file is in the format that torch.save wrote before torch 1.6, which is not supported; save it again, or as safetensors");
    }

    private void ReadEntries()
    {
        try
        {
            using var stream = new UnmanagedMemoryStream(_file.Slice(0, _file.Length), _file.Length);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            foreach (var entry in archive.Entries) _entries.TryAdd(entry.FullName, Locate(entry, stream));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw Broken($"the zip archive is broken or truncated: {e.Message}", e);
        }
    }

    // The framework does not say where an entry's bytes lie: reading the first one leaves the stream behind it.
    private (long Offset, long Length) Locate(ZipArchiveEntry entry, UnmanagedMemoryStream stream)
    {
        if (entry.Length == 0) return (0, 0);
        using var content = entry.Open();
        if (content is DeflateStream || entry.CompressedLength != entry.Length)
            throw Broken($"entry {entry.FullName} is compressed, which torch.save never does");
        Span<byte> first = stackalloc byte[1];
        content.ReadExactly(first);
        var offset = stream.Position - 1;
        return offset >= 0 && entry.Length <= _file.Length - offset
            ? (offset, entry.Length)
            : throw Broken($"entry {entry.FullName} takes {entry.Length} bytes from byte {offset} of the file, which has {_file.Length}");
    }
}
