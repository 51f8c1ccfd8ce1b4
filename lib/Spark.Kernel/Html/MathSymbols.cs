namespace Spark.Kernel;

/// <summary>The TeX commands that stand for one character.</summary>
internal static class MathSymbols
{
    public static readonly IReadOnlyDictionary<string, string> Letters = new Dictionary<string, string>
    {
        ["alpha"] = "α", ["beta"] = "β", ["gamma"] = "γ", ["delta"] = "δ", ["epsilon"] = "ε", ["eta"] = "η", ["theta"] = "θ",
        ["kappa"] = "κ", ["lambda"] = "λ", ["mu"] = "μ", ["nu"] = "ν", ["pi"] = "π", ["rho"] = "ρ", ["sigma"] = "σ", ["tau"] = "τ",
        ["phi"] = "φ", ["chi"] = "χ", ["psi"] = "ψ", ["omega"] = "ω", ["Gamma"] = "Γ", ["Delta"] = "Δ", ["Theta"] = "Θ",
        ["Lambda"] = "Λ", ["Pi"] = "Π", ["Sigma"] = "Σ", ["Phi"] = "Φ", ["Omega"] = "Ω", ["ell"] = "ℓ", ["infty"] = "∞",
        ["max"] = "max", ["min"] = "min", ["log"] = "log", ["ln"] = "ln", ["exp"] = "exp",
    };

    public static readonly IReadOnlyDictionary<string, string> Operators = new Dictionary<string, string>
    {
        ["times"] = "×", ["cdot"] = "·", ["div"] = "÷", ["pm"] = "±", ["le"] = "≤", ["leq"] = "≤", ["ge"] = "≥", ["geq"] = "≥",
        ["ne"] = "≠", ["neq"] = "≠", ["approx"] = "≈", ["sim"] = "∼", ["equiv"] = "≡", ["propto"] = "∝", ["ll"] = "≪", ["gg"] = "≫",
        ["to"] = "→", ["rightarrow"] = "→", ["Rightarrow"] = "⇒", ["leftarrow"] = "←", ["mapsto"] = "↦", ["in"] = "∈",
        ["sum"] = "∑", ["prod"] = "∏", ["int"] = "∫", ["cup"] = "∪", ["cap"] = "∩", ["ldots"] = "…", ["dots"] = "…", ["cdots"] = "⋯",
        ["lceil"] = "⌈", ["rceil"] = "⌉", ["lfloor"] = "⌊", ["rfloor"] = "⌋", ["langle"] = "⟨", ["rangle"] = "⟩", ["|"] = "‖",
        ["{"] = "{", ["}"] = "}", ["%"] = "%", ["$"] = "$", ["_"] = "_", ["#"] = "#", ["&"] = "&",
    };
}
