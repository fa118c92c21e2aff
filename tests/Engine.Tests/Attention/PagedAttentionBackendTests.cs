using Grid.Engine.Attention;
using Grid.Engine.KVCache;
using Grid.Engine.Requests;
using Grid.Engine.Scheduling;
using Grid.Engine.Steps;
using Grid.Engine.Tests.Execution;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Attention;

public sealed class PagedAttentionBackendTests
{
    private const int Seed = 77;

    public static TheoryData<int, int, int, int> Shapes()
    {
        var data = new TheoryData<int, int, int, int>();
        foreach (var (kvHeads, group) in new[] { (1, 1), (3, 3), (2, 5), (1, 7), (1, 20), (2, 4) })
            foreach (var headDim in new[] { 8, 24, 64, 80 })
                data.Add(kvHeads, group, headDim, (kvHeads + group + headDim) % 2 == 0 ? 16 : 24);
        return data;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Forward_AnyShapeAndWindow_AgreesWithScaledDotProductAttention(int kvHeads, int group, int headDim, int blockSize)
    {
        using var mode = inference_mode();
        var shape = new KVCacheShape(1, kvHeads * group, kvHeads, headDim, blockSize, ScalarType.Float32);
        using var paged = new PagedAttentionBackend(shape, new PagedKVCache(shape, Layout(shape), prefault: false));
        using var plain = new SdpaAttentionBackend(shape, new TensorKVCache(shape, Layout(shape), CPU), CPU);
        using var generator = new Generator(Seed, CPU);
        paged.KVCache.Reserve(16);
        plain.KVCache.Reserve(16);
        var request = Blocks(blockSize, count: 6);
        var step = new SchedulerOutput();
        foreach (var (start, count) in new[] { (0, 61), (61, 1), (62, 17), (79, 1) })
        {
            step.Scheduled.Clear();
            step.Scheduled.Add(new ScheduledRequest(request, start, count, 0));
            step.NumTokens = count;
            using var qkv = randn(count, shape.QKVWidth, generator: generator);
            paged.Prepare(StepBatch.From(step));
            plain.Prepare(StepBatch.From(step));
            foreach (var window in new int?[] { null, 1, 16, 21, 1000 })
            {
                using var actual = paged.Forward(0, qkv, window);
                using var expected = plain.Forward(0, qkv, window);
                using var difference = (actual - expected).abs().max();
                Assert.True(difference.item<float>() < 1e-5f,
                    $"{start}+{count}, window {window}: differs by {difference.item<float>()} (seed {Seed}).");
            }
        }

        Assert.Equal(Exported(paged, request, tokens: 80), Exported(plain, request, tokens: 80));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public void Forward_RequestsOfDifferentLengths_AgreesWithScaledDotProductAttention(int? window)
    {
        using var mode = inference_mode();
        var shape = new KVCacheShape(1, 6, 2, 24, 16, ScalarType.Float32);
        using var paged = new PagedAttentionBackend(shape, new PagedKVCache(shape, Layout(shape), prefault: false));
        using var plain = new SdpaAttentionBackend(shape, new TensorKVCache(shape, Layout(shape), CPU), CPU);
        using var generator = new Generator(Seed, CPU);
        paged.KVCache.Reserve(64);
        plain.KVCache.Reserve(64);
        foreach (var work in new (int Start, int Count)[][]
        {
            [(0, 7), (0, 40), (0, 16), (0, 1), (0, 33)],
            [(7, 1), (40, 1), (16, 1), (1, 5), (33, 1)],
            [(8, 1), (41, 9), (17, 1), (6, 1), (34, 1)],
        })
        {
            var step = new SchedulerOutput();
            foreach (var (index, (start, count)) in work.Index()) step.Add(new ScheduledRequest(Table(index), start, count, 0));
            using var qkv = randn(step.NumTokens, shape.QKVWidth, generator: generator);
            paged.Prepare(StepBatch.From(step));
            plain.Prepare(StepBatch.From(step));
            using var actual = paged.Forward(0, qkv, window);
            using var expected = plain.Forward(0, qkv, window);
            using var difference = (actual - expected).abs().max();
            Assert.True(difference.item<float>() < 1e-5f, $"differs by {difference.item<float>()} (seed {Seed}).");
        }

        static Request Table(int index)
        {
            var request = StepDriver.Start(new int[64]);
            foreach (var block in Enumerable.Range(0, 4)) request.BlockTable.Append(63 - block * 5 - index);
            return request;
        }
    }

    private static byte[] Exported(IAttentionBackend backend, Request request, int tokens)
    {
        var layout = backend.KVCache.Layout;
        var blocks = request.BlockTable.Blocks[..((tokens + layout.BlockSize - 1) / layout.BlockSize)];
        var bytes = new byte[blocks.Length * layout.BlockBytes];
        backend.KVCache.Export(blocks, tokens, bytes);
        return bytes;
    }

    private static KVBlockLayout Layout(KVCacheShape shape) =>
        new(0, shape.Layers, 0, shape.KVHeads, shape.HeadDim, shape.BlockSize, KVElement.Float32);

    private static Request Blocks(int blockSize, int count)
    {
        var request = StepDriver.Start(new int[blockSize * count]);
        foreach (var block in Enumerable.Range(0, count)) request.BlockTable.Append((block * 7 + 3) % 16);
        return request;
    }
}
