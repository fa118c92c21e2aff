using Grid.Engine.Attention;
using Grid.Engine.KVCache;
using Grid.Engine.Simulation;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Attention;

public sealed class KVCacheStorageTests
{
    private static readonly KVBlockLayout Layout = new(2, 3, 4, 2, 8, 16, KVElement.Float32);

    public static TheoryData<string, string> Storages() => new()
    {
        { "paged", "Float32" }, { "paged", "BFloat16" }, { "tensor", "Float32" }, { "tensor", "BFloat16" }, { "simulated", "Hash64" },
    };

    [Theory, MemberData(nameof(Storages))]
    public void Export_OfWhatWasImported_IsTheSame(string kind, string element)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var bed = new Bed(kind, Enum.Parse<KVElement>(element));
        var storage = bed.Storage;
        storage.Reserve(12);
        var contents = new Dictionary<int, byte[]>();
        for (var round = 0; round < 20; round++)
        {
            int[] blocks = [.. Enumerable.Range(0, 12).OrderBy(_ => random.Next()).Take(random.Next(1, 5))];
            var bytes = new byte[blocks.Length * storage.Layout.BlockBytes];
            random.NextBytes(bytes);
            storage.Import(blocks, bytes);
            foreach (var (i, block) in blocks.Index()) contents[block] = bytes.Chunk((int)storage.Layout.BlockBytes).ElementAt(i);
            int[] known = [.. contents.Keys];
            var exported = new byte[known.Length * storage.Layout.BlockBytes];
            storage.Export(known, known.Length * 16, exported);
            Assert.Equal(known.SelectMany(block => contents[block]), exported);
            Assert.Equal((12, known.Length), (storage.NumBlocks, storage.NumCommitted));
        }
    }

    [Theory, MemberData(nameof(Storages))]
    public void Reserve_Again_ForgetsWhatWasThere(string kind, string element)
    {
        using var bed = new Bed(kind, Enum.Parse<KVElement>(element));
        bed.Storage.Reserve(4);
        bed.Storage.Import([3], new byte[bed.Storage.Layout.BlockBytes]);
        bed.Storage.Reserve(2);
        Assert.Equal((2, 0), (bed.Storage.NumBlocks, bed.Storage.NumCommitted));
        Assert.Throws<ArgumentException>(() => bed.Storage.Import([3], new byte[bed.Storage.Layout.BlockBytes]));
        Assert.Throws<ArgumentException>(() => bed.Storage.Import([0], new byte[bed.Storage.Layout.BlockBytes - 1]));
        Assert.Throws<ArgumentException>(() => bed.Storage.Export([0], 16, new byte[bed.Storage.Layout.BlockBytes]));
    }

    [Theory, MemberData(nameof(Storages))]
    public void Export_LastBlockPartlyFilled_GivesNothingOfWhatWasThereBefore(string kind, string element)
    {
        using var bed = new Bed(kind, Enum.Parse<KVElement>(element));
        var layout = bed.Storage.Layout;
        bed.Storage.Reserve(4);
        var bytes = new byte[2 * layout.BlockBytes];
        bytes.AsSpan().Fill(1);
        bed.Storage.Import([3, 1], bytes);
        bed.Storage.Export([3, 1], 16 + 5, bytes);
        var row = layout.RowBytes;
        Assert.Equal(Enumerable.Range(0, bytes.Length).Select(i => (byte)(i < layout.BlockBytes || i / row % 16 < 5 ? 1 : 0)), bytes);
        foreach (var tokens in (int[])[16, 33])
            Assert.Throws<ArgumentException>(() => bed.Storage.Export([3, 1], tokens, new byte[2 * layout.BlockBytes]));
    }

    [Fact]
    public void Commit_FirstTouch_BeginsWithZeros()
    {
        using var bed = new Bed("tensor", KVElement.Float32);
        bed.Storage.Reserve(4);
        ((TensorKVCache)bed.Storage).Commit([2]);
        var exported = new byte[bed.Storage.Layout.BlockBytes];
        bed.Storage.Export([2], 16, exported);
        Assert.All(exported, value => Assert.Equal(0, value));
    }

    private sealed class Bed : IDisposable
    {
        public Bed(string kind, KVElement element)
        {
            var shape = new KVCacheShape(Layout.Layers, 4, Layout.Heads, Layout.HeadDim, Layout.BlockSize,
                element == KVElement.Float32 ? ScalarType.Float32 : ScalarType.BFloat16);
            var layout = Layout with { Element = element };
            Storage = kind switch
            {
                "paged" => new PagedKVCache(shape, layout, prefault: false),
                "tensor" => new TensorKVCache(shape, layout, CPU),
                _ => new SimulatedKVCache(SimulatedKVCache.LayoutOf(16)),
            };
        }

        public IKVCacheStorage Storage { get; }

        public void Dispose() => (Storage as IDisposable)?.Dispose();
    }
}
