using CsCheck;

namespace Spark.Engine.Tests;

public sealed unsafe class KernelsAgainstScalarReferences
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_matrix_product_is_the_fused_chain_over_k_bit_for_bit_for_every_number_of_rows(bool bf16) =>
        (from rows in Gen.Int[1, 21]
         from inputs in Gen.Int[1, 40]
         from outputs in Gen.Int[1, 300]
         from seed in Gen.Int
         select (rows, inputs, outputs, seed)).Sample(c =>
        {
            var random = new Random(c.seed);
            var weights = Matrix(random, c.outputs, c.inputs, bf16);
            using var memory = new NativeArena();
            var packed = new PackedMatrix(memory, c.inputs, bf16, c.outputs);
            foreach (var (panel, rows) in weights.Chunk(PackedMatrix.PanelWidth).Index())
                packed.SetPanel(panel * PackedMatrix.PanelWidth, Panel(rows));
            var x = Matrix(random, c.rows, c.inputs, bf16: false).SelectMany(r => r).ToArray();
            var y = new float[c.rows * packed.Outputs];
            Array.Fill(y, 1f);
            fixed (float* px = x, py = y)
                MatMul.Multiply(px, c.inputs, c.rows, packed, py, packed.Outputs, accumulate: true);
            for (var row = 0; row < c.rows; row++)
                for (var o = 0; o < c.outputs; o++)
                {
                    var sum = 0f;
                    for (var k = 0; k < c.inputs; k++)
                        sum = MathF.FusedMultiplyAdd(x[row * c.inputs + k], weights[o][k], sum);
                    Assert.Equal(sum + 1f, y[row * packed.Outputs + o]);
                }
        }, iter: 200);

    [Fact]
    public void A_packed_row_reads_back_as_it_was_written()
    {
        using var memory = new NativeArena();
        var packed = new PackedMatrix(memory, 5, bf16: true, 33, 2);
        packed.SetPanel(0, Panel([.. Enumerable.Repeat(new float[5], 32), [1, 2, 3, 4, 5]]));
        packed.SetPanel(PackedMatrix.Round(33), Panel([new float[5], [-1, -2, -3, -4, -5]]));
        var row = stackalloc float[5];
        packed.GetRow(32, row);
        Assert.Equal([1, 2, 3, 4, 5], new Span<float>(row, 5).ToArray());
        packed.GetRow(PackedMatrix.Round(33) + 1, row);
        Assert.Equal([-1, -2, -3, -4, -5], new Span<float>(row, 5).ToArray());
    }

    [Fact]
    public void Exp_is_within_two_units_in_the_last_place() =>
        Gen.Float[-87, 88].Array[16].Sample(xs =>
        {
            var ys = new float[16];
            System.Runtime.Intrinsics.Vector512.StoreUnsafe(VectorMath.Exp(System.Runtime.Intrinsics.Vector512.Create(xs)), ref ys[0]);
            foreach (var (x, y) in xs.Zip(ys))
                Assert.InRange(y, Math.Exp(x) * (1 - 2.4e-7), Math.Exp(x) * (1 + 2.4e-7));
        });

    [Theory]
    [InlineData(KvDtype.Float32, 16, 4, 2, 2e-6)]
    [InlineData(KvDtype.Float32, 80, 3, 3, 2e-6)]
    [InlineData(KvDtype.BFloat16, 64, 8, 2, 2e-2)]
    public void Paged_attention_equals_dense_causal_attention(KvDtype dtype, int headDim, int heads, int kvHeads, double tolerance) =>
        (from length in Gen.Int[1, 90]
         from chunk in Gen.Int[1, 90]
         from seed in Gen.Int
         select (length, chunk, seed)).Sample(c =>
        {
            var random = new Random(c.seed);
            var layout = new KvLayout(1, kvHeads, headDim, dtype);
            using var pool = new KvPool(layout, 8);
            using var attention = new PagedAttention(layout, heads, 128);
            int[] table = [5, 2, 7, 0, 1, 6];
            var q = Matrix(random, c.length, heads * headDim, false);
            var k = Matrix(random, c.length, kvHeads * headDim, false);
            var v = Matrix(random, c.length, kvHeads * headDim, false);
            var y = new float[c.length * heads * headDim];
            for (var first = 0; first < c.length; first += c.chunk)
            {
                var tokens = Math.Min(c.chunk, c.length - first);
                for (var t = first; t < first + tokens; t++)
                    fixed (float* pk = k[t], pv = v[t])
                        attention.Write(pool, 0, table, t, pk, pv);
                fixed (float* pq = q.Skip(first).Take(tokens).SelectMany(r => r).ToArray(), py = y)
                    attention.Attend(pool, 0, table, first, tokens, pq, heads * headDim, py + first * heads * headDim, heads * headDim);
            }
            for (var t = 0; t < c.length; t++)
                for (var h = 0; h < heads; h++)
                {
                    var expected = Dense(q[t], k, v, t, h, h / (heads / kvHeads), headDim);
                    for (var d = 0; d < headDim; d++)
                        Assert.InRange(y[(t * heads + h) * headDim + d], expected[d] - tolerance, expected[d] + tolerance);
                }
        }, iter: 30);

    [Fact]
    public void Rms_norm_divides_by_the_root_of_the_mean_square()
    {
        float[] x = [3, 4, .. new float[14]], weight = [2, 0.5f, .. new float[14]], y = new float[16];
        fixed (float* px = x, pw = weight, py = y)
            RmsNorm.Apply(px, 1, 2, 16, pw, 0, py);
        Assert.Equal([3 / MathF.Sqrt(12.5f) * 2, 4 / MathF.Sqrt(12.5f) * 0.5f], y[..2]);
    }

    [Fact]
    public void Swiglu_is_silu_of_the_gate_times_up() =>
        Gen.Float[-90, 90].Array[32].Sample(row =>
        {
            var y = new float[16];
            fixed (float* p = row, py = y)
                SwiGlu.Apply(p, 1, 16, 32, py);
            for (var i = 0; i < 16; i++)
            {
                var expected = row[i] / (1 + Math.Exp(-row[i])) * row[16 + i];
                Assert.InRange(y[i], expected - 1e-6 * (1 + Math.Abs(expected)), expected + 1e-6 * (1 + Math.Abs(expected)));
            }
        });

    [Fact]
    public void Rope_turns_pairs_by_position_times_frequency()
    {
        var config = new RopeConfig { Theta = 10000 };
        using var rope = new Rope(config, 16, 100);
        var x = Enumerable.Range(0, 32).Select(i => (float)i).ToArray();
        var turned = (float[])x.Clone();
        fixed (float* p = turned)
            rope.Rotate(p, 2, 37);
        for (var head = 0; head < 2; head++)
            for (var i = 0; i < 8; i++)
            {
                var angle = 37 / Math.Pow(10000, i / 8.0);
                var (a, b) = (x[head * 16 + i], x[head * 16 + 8 + i]);
                Assert.Equal(a * Math.Cos(angle) - b * Math.Sin(angle), turned[head * 16 + i], 1e-4);
                Assert.Equal(b * Math.Cos(angle) + a * Math.Sin(angle), turned[head * 16 + 8 + i], 1e-4);
            }
    }

    static double[] Dense(float[] q, float[][] k, float[][] v, int position, int head, int kvHead, int headDim)
    {
        var scores = Enumerable.Range(0, position + 1).Select(t => Enumerable.Range(0, headDim).Sum(d => (double)q[head * headDim + d] * k[t][kvHead * headDim + d]) / Math.Sqrt(headDim)).ToArray();
        var weights = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
        return [.. Enumerable.Range(0, headDim).Select(d => weights.Select((w, t) => w * v[t][kvHead * headDim + d]).Sum() / weights.Sum())];
    }

    /// <summary>[64, inputs], with zeros behind the rows that there are.</summary>
    static float[] Panel(float[][] rows) => [.. rows.SelectMany(row => row), .. new float[(PackedMatrix.PanelWidth - rows.Length) * rows[0].Length]];

    static float[][] Matrix(Random random, int rows, int columns, bool bf16) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextSingle() * 2 - 1)
            .Select(f => bf16 ? BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(f) & 0xFFFF0000) : f).ToArray())];
}
