
        // Relu(conv1_0)
        private readonly struct RescaleReluValue : Kernels.IMap1
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V conv1_0) where M : struct, IMath<V> =>
                new Ops.Relu().Value<V, M>(conv1_0);
        }

        // max(x - x0, 0)
        private readonly struct RescalePositivePart : Kernels.IMap2
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V x, V x0) where M : struct, IMath<V> =>
                M.Max(M.Subtract(x, x0), M.Constant(0));
        }

        // min(x - x0, 0)
        private readonly struct RescaleNegativePart : Kernels.IMap2
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V x, V x0) where M : struct, IMath<V> =>
                M.Min(M.Subtract(x, x0), M.Constant(0));
        }

        // m * Relu[x0, x]
        private readonly struct RescaleThroughReluSecant : Kernels.IMap3
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V m, V x, V x0) where M : struct, IMath<V> =>
                M.Multiply(m, new Ops.Relu().Secant<V, M>(x, x0, new Ops.Relu().Value<V, M>(x), new Ops.Relu().Value<V, M>(x0)));
        }
