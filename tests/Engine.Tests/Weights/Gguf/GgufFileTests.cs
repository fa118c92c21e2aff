using Grid.Engine.Configuration;
using Grid.Engine.Weights.Gguf;
using Grid.Engine.Weights.Gguf.Quants;
using Grid.Engine.Weights.Safetensors;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Weights.Gguf;

public sealed class GgufFileTests
{
    [Theory]
    [InlineData("f32")]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("q4_0")]
    [InlineData("q4_1")]
    [InlineData("q5_0")]
    [InlineData("q5_1")]
    [InlineData("q8_0")]
    [InlineData("q2_k")]
    [InlineData("q3_k")]
    [InlineData("q4_k")]
    [InlineData("q5_k")]
    [InlineData("q6_k")]
    [InlineData("iq4_nl")]
    [InlineData("iq4_xs")]
    public void Read_EveryTensorType_EqualsTheReferenceBitForBit(string name)
    {
        using var file = new GgufFile(Fixtures.Own("gguf/quants.gguf"));
        using var expected = new SafetensorsFile(Fixtures.Own("gguf/quants.safetensors"));
        var info = file.Tensors[name];
        var tensor = file.Read(info, name, info.Shape);
        Assert.Equal([3L, 512L], tensor.Shape);
        var whole = Tensors.Bits(expected.Find(name)!);
        Assert.Equal(whole, Tensors.Bits(tensor));

        var row = new float[512];
        tensor.ReadRows(1, 1, row);
        Assert.Equal(whole[512..1024], Array.ConvertAll(row, BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Read_ManyBlocks_AgreesWithRowsOneByOne()
    {
        var random = new Random(7);
        var data = new byte[1024 * 512 / 256 * 144];
        random.NextBytes(data);
        using var folder = new TemporaryFolder();
        using var file = new GgufFile(
            folder.Write("m.gguf",
            new GgufBuilder().AddTensor("t", [512, 1024], (uint)GgufTensorType.Q4_K, data)
                .AddTensor("u", [512, 16384], (uint)GgufTensorType.Q8_0, new byte[16384 * 512 / 32 * 34]).Build()));
        var tensor = file.Read(file.Tensors["t"], "t", [1024, 512]);
        var whole = Tensors.Bits(tensor);
        var row = new float[512];
        for (var i = 0; i < 1024; i += 31)
        {
            tensor.ReadRows(i, 1, row);
            Assert.True(whole.AsSpan(i * 512, 512).SequenceEqual(Array.ConvertAll(row, BitConverter.SingleToUInt32Bits)));
        }
        Assert.All(Tensors.Read(file.Read(file.Tensors["u"], "u", [16384, 512])), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Metadata_EveryValueType_IsRead()
    {
        using var file = new GgufFile(Fixtures.Own("gguf/quants.gguf"));
        var values = file.Metadata.Values;
        Assert.Equal("llama", values["general.architecture"]);
        Assert.Equal(4000000000u, values["test.uint32"]);
        Assert.Equal(-5, values["test.int32"]);
        Assert.Equal(0.1f, values["test.float32"]);
        Assert.Equal(9223372036854775809UL, values["test.uint64"]);
        Assert.Equal(-4611686018427387904L, values["test.int64"]);
        Assert.Equal(0.1, values["test.float64"]);
        Assert.Equal(true, values["test.bool"]);
        Assert.Equal("héllo 😀", values["test.string"]);
        Assert.Equal(new[] { "a", "", "你" }, values["test.strings"]);
        Assert.Equal(new[] { 1, -2, 3 }, values["test.ints"]);
    }

    [Fact]
    public void Metadata_SmallIntegersAndNestedArrays_AreRead()
    {
        using var folder = new TemporaryFolder();
        var bytes = new GgufBuilder { Version = 2 }
            .Add("u8", GgufValueType.UInt8, writer => writer.Write((byte)200))
            .Add("i8", GgufValueType.Int8, writer => writer.Write((sbyte)-3))
            .Add("u16", GgufValueType.UInt16, writer => writer.Write((ushort)60000))
            .Add("i16", GgufValueType.Int16, writer => writer.Write((short)-300))
            .Add("nested", GgufValueType.Array, writer =>
            {
                writer.Write((uint)GgufValueType.Array);
                writer.Write(1UL);
                writer.Write((uint)GgufValueType.Bool);
                writer.Write(2UL);
                writer.Write(true);
                writer.Write(false);
            })
            .Build();
        using var file = new GgufFile(folder.Write("m.gguf", bytes));
        Assert.Equal((200, -3, 60000, -300),
            (file.Metadata.Int("u8"), file.Metadata.Int("i8"), file.Metadata.Int("u16"), file.Metadata.Int("i16")));
        Assert.Equal([true, false], Assert.IsType<bool[]>(Assert.Single(Assert.IsType<object[]>(file.Metadata.Values["nested"]))));
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        var whole = File.ReadAllBytes(Fixtures.Own("gguf/quants.gguf"));
        using var folder = new TemporaryFolder();
        foreach (var length in Enumerable.Range(0, 240).Select(step => 5 * step).Concat([5000, 20000, whole.Length - 100]))
        {
            var path = folder.Write("m.gguf", whole[..length]);
            var error = Assert.Throws<ModelLoadException>(() => new GgufFile(path));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_BytesFlippedAtRandom_NeverReadsOutside()
    {
        const int seed = 99;
        var random = new Random(seed);
        var whole = File.ReadAllBytes(Fixtures.Own("gguf/quants.gguf"));
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 400; round++)
        {
            var bytes = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(1100)] = (byte)random.Next(256);
            var path = folder.Write("m.gguf", bytes);
            try
            {
                using var file = new GgufFile(path);
                foreach (var info in file.Tensors.Values) Tensors.Read(file.Read(info, info.Name, info.Shape));
            }
            catch (ModelLoadException)
            {
                continue;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}: {e}");
            }
        }
    }

    public static TheoryData<string, string> BrokenFiles => new()
    {
        { "magic", "begins with GGUF" },
        { "version 1", "version must be 2 or 3; got 1" },
        { "big-endian", "big-endian" },
        { "tensor count", "tensor_count counts 18446744073709551615" },
        { "metadata count", "metadata_kv_count counts 1152921504606846976" },
        { "array count", "big counts 4611686018427387904" },
        { "string length", "text counts 9223372036854775807" },
        { "value type", "odd is of the unknown type 77" },
        { "deep arrays", "deep nests arrays more than 4 deep" },
        { "metadata twice", "same is there twice" },
        { "tensor twice", "t is there twice" },
        { "alignment", "general.alignment must be a power of two; got 33" },
        { "tensor type", "tensor t is of type IQ2_XXS; supported are F32, F16, BF16, Q4_0" },
        { "unknown tensor type", "tensor t is of type 1234" },
        { "dimensions", "must have at most 4 dimensions; got 5" },
        { "dimension", "must be at least 1; got 18446744073709551615" },
        { "overflow", "too many elements" },
        { "row length", "multiple of 32 values" },
        { "offset alignment", "byte 7 of the data, which is no multiple of the alignment (32)" },
        { "offset", "from byte 3200 of the data" },
        { "offset wraps", "t" },
        { "overlap", "overlaps another" },
    };

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Open_BrokenFile_NamesTheFault(string fault, string expected)
    {
        var data = new byte[64];
        var builder = fault switch
        {
            "magic" => new GgufBuilder { Magic = 1 },
            "version 1" => new GgufBuilder { Version = 1 },
            "big-endian" => new GgufBuilder { Version = 0x03000000 },
            "tensor count" => new GgufBuilder { TensorCount = ulong.MaxValue },
            "metadata count" => new GgufBuilder { MetadataCount = 1UL << 60 },
            "array count" => new GgufBuilder().Add("big", GgufValueType.Array, writer => { writer.Write(4u); writer.Write(1UL << 62); }),
            "string length" => new GgufBuilder().Add("text", GgufValueType.String, writer => writer.Write(long.MaxValue)),
            "value type" => new GgufBuilder().Add("odd", (GgufValueType)77, writer => writer.Write(0L)),
            "deep arrays" => new GgufBuilder().Add("deep", GgufValueType.Array, writer =>
            {
                for (var i = 0; i < 100; i++) { writer.Write((uint)GgufValueType.Array); writer.Write(1UL); }
            }),
            "metadata twice" => new GgufBuilder().Add("same", 1u).Add("same", 2u),
            "tensor twice" => new GgufBuilder().AddTensor("t", [16], 0, data).AddTensor("t", [16], 0, data),
            "alignment" => new GgufBuilder().Add("general.alignment", 33u),
            "tensor type" => new GgufBuilder().AddTensor("t", [256, 1], 16, data),
            "unknown tensor type" => new GgufBuilder().AddTensor("t", [256, 1], 1234, data),
            "dimensions" => new GgufBuilder().AddTensor("t", [1, 1, 1, 1, 1], 0, data),
            "dimension" => new GgufBuilder().AddTensor("t", [ulong.MaxValue], 0, data),
            "overflow" => new GgufBuilder().AddTensor("t", [1UL << 40, 1UL << 40, 1UL << 40], 0, data),
            "row length" => new GgufBuilder().AddTensor("t", [31, 2], 2, data),
            "offset alignment" => new GgufBuilder().AddTensor("t", [4], 0, data, offset: 7),
            "offset" => new GgufBuilder().AddTensor("t", [16], 0, data, offset: 3200),
            "offset wraps" => new GgufBuilder().AddTensor("t", [16], 0, data, offset: ulong.MaxValue - 31),
            _ => new GgufBuilder().AddTensor("t", [16], 0, data).AddTensor("u", [16], 0, data, offset: 32),
        };
        using var folder = new TemporaryFolder();
        var path = folder.Write("m.gguf", builder.Build());
        var error = Assert.Throws<ModelLoadException>(() => new GgufFile(path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
