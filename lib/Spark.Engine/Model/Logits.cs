namespace Spark.Engine;

/// <summary>Scores of every token of the vocabulary, a row for each request that samples; valid until the next forward pass.</summary>
internal readonly unsafe struct Logits(float* data, int rows, int vocabulary, int stride)
{
    public int Rows => rows;

    public Span<float> this[int row] => new(data + (long)row * stride, vocabulary);
}
