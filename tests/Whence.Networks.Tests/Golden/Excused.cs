namespace Whence.Networks.Tests.Golden;

/// <summary>Every golden number that no test compares, by name, and why.</summary>
internal static class Excused
{
    private const string Where = "says where the rows come from, not what a network answers";
    private const string Trapezoid =
        "Captum's trapezoid weights sum to 1 - 1/n, a defect that is not copied; igx_*_trapezoid_true is the true rule";

    private const string Unresolved = "from the zero embedding 50 points do not resolve the path, and Captum's, rounded to float32, are "
        + "other points; igx_zero_* has the exact ones";

    private static readonly (string File, string Key, string Why)[] all =
    [
        ("deeplift.json", "ptb_table1_sum_check", "checks the arithmetic of a table printed in a paper, not a method"),
        ("mnist_cnn.npz", "indices_t10k", Where),
        ("mnist_cnn.npz", "labels", Where),
        ("mnist_cnn.npz", "ig_zero_riemann_trapezoid", Trapezoid),
        ("mnist_cnn.npz", "ig_zero_riemann_trapezoid_delta", Trapezoid),
        ("mnist_cnn.npz", "ig_mean1000_riemann_trapezoid", Trapezoid),
        ("mnist_cnn.npz", "ig_mean1000_riemann_trapezoid_delta", Trapezoid),
        ("mnist_cnn.npz", "deeplift_zero_softmax_output",
            "Captum subtracts a mean over all elements in softmax's rule, which depends on the batch (its issue 1367)"),
        ("genomics_cnn.npz", "indices_sim_seed2", Where),
        ("genomics_cnn.npz", "labels", Where),
        ("genomics_cnn.npz", "motif_positions", Where),
        ("genomics_cnn.npz", "ig_zero_riemann_trapezoid", Trapezoid),
        ("genomics_cnn.npz", "ig_zero_riemann_trapezoid_delta", Trapezoid),
        ("genomics_cnn.npz", "ig_background_riemann_trapezoid", Trapezoid),
        ("genomics_cnn.npz", "ig_background_riemann_trapezoid_delta", Trapezoid),
        ("tabular_mlp.npz", "labels", Where),
        ("tabular_mlp.npz", "feature_names", Where),
        ("tabular_mlp.npz", "ig_zero_riemann_trapezoid", Trapezoid),
        ("tabular_mlp.npz", "ig_zero_riemann_trapezoid_delta", Trapezoid),
        ("tabular_mlp.npz", "ig_train0_riemann_trapezoid", Trapezoid),
        ("tabular_mlp.npz", "ig_train0_riemann_trapezoid_delta", Trapezoid),
        ("tabular_mlp.npz", "shapley_values_grouped", "the array is empty; CounterfactualTests hold Shapley values to their definition"),
        ("lstm_lm.npz", "ids", Where),
        ("lstm_lm.npz", "c_n", "the layer returns h; its cells are its own, and lstm_out follows from them"),
        ("lstm_lm.npz", "ig_zero_riemann_middle_token_sum", "the sum over each token of ig_zero_riemann_middle"),
        ("lstm_lm.npz", "ig_zero_riemann_middle", Unresolved),
        ("lstm_lm.npz", "ig_zero_riemann_middle_delta", Unresolved),
        ("lstm_lm.npz", "ig_zero_riemann_left", Unresolved),
        ("lstm_lm.npz", "ig_zero_riemann_right", Unresolved),
        ("lstm_lm.npz", "ig_zero_riemann_trapezoid", Trapezoid),
        ("lstm_lm.npz", "ig_zero_riemann_trapezoid_delta", Trapezoid),
        ("lstm_lm.npz", "ig_space_riemann_trapezoid", Trapezoid),
        ("lstm_lm.npz", "ig_space_riemann_trapezoid_delta", Trapezoid),
    ];

    public static IEnumerable<string> Of(string file) => all.Where(one => one.File == file).Select(one => one.Key);
}
