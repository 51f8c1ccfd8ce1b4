namespace Spark.Engine.Tests;

/// <summary>A Llama in double precision, straight from the formulas, over unpacked weights: slow, and with nothing in common with the engine's kernels.</summary>
static class ReferenceLlama
{
    public static double[] Logits(ModelConfig config, SafetensorsWriter weights, int[] prompt)
    {
        double[][] x = [.. prompt.Select(t => Row(weights, "model.embed_tokens.weight", t))];
        for (var i = 0; i < config.Layers; i++)
        {
            var layer = $"model.layers.{i}.";
            var normed = x.Select(v => Norm(config, v, weights[layer + "input_layernorm.weight"].Values)).ToArray();
            var attended = Attention(config, weights, layer + "self_attn.", normed);
            x = [.. x.Zip(attended, (a, b) => Add(a, b))];
            x = [.. x.Select(v => Add(v, Mlp(weights, layer + "mlp.", Norm(config, v, weights[layer + "post_attention_layernorm.weight"].Values))))];
        }
        return Times(weights, config.TiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight", Norm(config, x[^1], weights["model.norm.weight"].Values));
    }

    static double[][] Attention(ModelConfig config, SafetensorsWriter weights, string name, double[][] x)
    {
        double[][] Project(string part) => [.. x.Select(v => weights.TryGetValue($"{name}{part}_proj.bias", out var bias)
            ? Add(Times(weights, $"{name}{part}_proj.weight", v), [.. bias.Values.Select(b => (double)b)])
            : Times(weights, $"{name}{part}_proj.weight", v))];
        var d = config.HeadDim;
        var (q, k, v) = (Project("q"), Project("k"), Project("v"));
        var frequencies = config.Rope.InverseFrequencies(d);
        foreach (var rows in new[] { q, k })
            for (var t = 0; t < rows.Length; t++)
                for (var head = 0; head < rows[t].Length / d; head++)
                    for (var i = 0; i < d / 2; i++)
                    {
                        var (cos, sin) = (Math.Cos(t * (double)frequencies[i]), Math.Sin(t * (double)frequencies[i]));
                        var (a, b) = (rows[t][head * d + i], rows[t][head * d + d / 2 + i]);
                        (rows[t][head * d + i], rows[t][head * d + d / 2 + i]) = (a * cos - b * sin, b * cos + a * sin);
                    }
        return [.. q.Select((_, t) =>
        {
            var y = new double[config.Heads * d];
            for (var head = 0; head < config.Heads; head++)
            {
                var kv = head / (config.Heads / config.KvHeads) * d;
                var scores = Enumerable.Range(0, t + 1).Select(s => Enumerable.Range(0, d).Sum(i => q[t][head * d + i] * k[s][kv + i]) / Math.Sqrt(d)).ToArray();
                var exps = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
                for (var i = 0; i < d; i++)
                    y[head * d + i] = exps.Select((e, s) => e * v[s][kv + i]).Sum() / exps.Sum();
            }
            var output = Times(weights, name + "o_proj.weight", y);
            return weights.TryGetValue(name + "o_proj.bias", out var bias) ? Add(output, [.. bias.Values.Select(b => (double)b)]) : output;
        })];
    }

    static double[] Mlp(SafetensorsWriter weights, string name, double[] x)
    {
        var (gate, up) = (Times(weights, name + "gate_proj.weight", x), Times(weights, name + "up_proj.weight", x));
        return Times(weights, name + "down_proj.weight", [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)]);
    }

    static double[] Norm(ModelConfig config, double[] x, float[] weight)
    {
        var scale = 1 / Math.Sqrt(x.Average(v => v * v) + config.RmsNormEps);
        return [.. x.Zip(weight, (v, w) => v * scale * w)];
    }

    static double[] Times(SafetensorsWriter weights, string name, double[] x) =>
        [.. Enumerable.Range(0, weights[name].Shape[0]).Select(row => Row(weights, name, row).Zip(x, (w, v) => w * v).Sum())];

    static double[] Row(SafetensorsWriter weights, string name, int row)
    {
        var columns = weights[name].Shape[1];
        return [.. weights[name].Values.AsSpan(row * columns, columns).ToArray().Select(v => (double)v)];
    }

    static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
