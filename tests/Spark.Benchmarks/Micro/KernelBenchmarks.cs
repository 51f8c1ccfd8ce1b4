using BenchmarkDotNet.Attributes;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>The forward pass's kernels one by one, at the sizes that the m14 shape gives them.</summary>
[MemoryDiagnoser]
public unsafe class KernelBenchmarks : IDisposable
{
    const int Hidden = 384, Ffn = 1024, Heads = 6, KvHeads = 2, HeadDim = 64;

    readonly NativeArena memory = new();
    readonly NativeBuffer x = new(sizeof(float) * ForwardBatch.TileTokens * Hidden), y = new(sizeof(float) * ForwardBatch.TileTokens * 2 * Ffn);
    readonly KvLayout layout = new(1, KvHeads, HeadDim, KvDtype.BFloat16);
    PackedMatrix gateUp = null!, gateUpFloat32 = null!;
    KvPool pool = null!;
    PagedAttention attention = null!;
    int[] blocks = null!;

    /// <summary>Rows of the matrix product, and tokens in a tile.</summary>
    [Params(1, 8, 64)]
    public int Rows { get; set; }

    /// <summary>Tokens that attention looks back at.</summary>
    [Params(128, 1500)]
    public int Context { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        blocks = [.. Enumerable.Range(0, (Context + Rows) / KvLayout.BlockSize + 1)];
        (gateUp, gateUpFloat32) = (new(memory, Hidden, bf16: true, Ffn, Ffn), new(memory, Hidden, bf16: false, Ffn, Ffn));
        (pool, attention) = (new(layout, blocks.Length), new(layout, Heads, Context + Rows));
        for (var i = 0; i < ForwardBatch.TileTokens * Hidden; i++)
            ((float*)x.Pointer)[i] = MathF.Sin(i);
    }

    [Benchmark]
    public void MatMulBf16() => MatMul.Multiply((float*)x.Pointer, Hidden, Rows, gateUp, (float*)y.Pointer, 2 * Ffn);

    [Benchmark]
    public void MatMulFp32() => MatMul.Multiply((float*)x.Pointer, Hidden, Rows, gateUpFloat32, (float*)y.Pointer, 2 * Ffn);

    [Benchmark]
    public void Attend() => attention.Attend(pool, 0, blocks, Context, Rows, (float*)x.Pointer, Hidden, (float*)y.Pointer, Hidden);

    [Benchmark]
    public void Activate() => SwiGlu.Apply((float*)y.Pointer, Rows, Ffn, 2 * Ffn, (float*)x.Pointer);

    [GlobalCleanup]
    public void Dispose()
    {
        attention.Dispose();
        pool.Dispose();
        memory.Dispose();
        x.Dispose();
        y.Dispose();
        GC.SuppressFinalize(this);
    }
}
