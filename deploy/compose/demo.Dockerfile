# The image with the demo and the test tools in it, for deploy/compose/demo.yml.
FROM wamesh:0.1.0
USER root
COPY package.json package-lock.json ./
COPY packages/testing packages/testing
COPY demo demo
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
USER node
ENTRYPOINT ["node", "demo/src/elsewhere.ts"]
CMD []
